import type { paths } from "../api/schema";

type Query = NonNullable<paths["/api/v1/calls"]["get"]["parameters"]["query"]>;

/** Which calls are shown; kept in the page's address, so that a link shows the same. */
export interface Filters {
  caller?: string | undefined;
  destination?: string | undefined;
  outcome?: NonNullable<Query["outcome"]> | undefined;
  direction?: NonNullable<Query["direction"]> | undefined;
  province?: string | undefined;
  city?: string | undefined;
  hotline_id?: string | undefined;
  queue_id?: string | undefined;
  agent_id?: string | undefined;
  /** For the operator: only calls to numbers that no hotline has. */
  of_no_enterprise?: "true" | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

export const OUTCOMES = [
  "answered",
  "unanswered",
  "abandoned",
  "refused",
  "failed",
  "served",
  "in_progress",
] as const satisfies readonly NonNullable<Query["outcome"]>[];

export const DIRECTIONS = ["inbound", "outbound", "internal"] as const satisfies readonly NonNullable<Query["direction"]>[];

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NUMBER = /^(\*?\d{1,20}|\d{1,20}\*)$/;

/** The filters that an address names; what is no filter is passed over. */
export function filtersOf(address: URLSearchParams): Filters {
  const filters: Filters = {};
  for (const name of ["caller", "destination"] as const) {
    const value = address.get(name)?.trim();
    if (value && NUMBER.test(value)) {
      filters[name] = value;
    }
  }
  const outcome = OUTCOMES.find((one) => one === address.get("outcome"));
  if (outcome) {
    filters.outcome = outcome;
  }
  const direction = DIRECTIONS.find((one) => one === address.get("direction"));
  if (direction) {
    filters.direction = direction;
  }
  for (const name of ["hotline_id", "queue_id", "agent_id"] as const) {
    const value = address.get(name);
    if (value && ID.test(value)) {
      filters[name] = value;
    }
  }
  for (const name of ["province", "city"] as const) {
    const value = address.get(name);
    if (value && value.length <= 20) {
      filters[name] = value;
    }
  }
  if (address.get("of_no_enterprise") === "true") {
    filters.of_no_enterprise = "true";
  }
  for (const name of ["since", "until"] as const) {
    const value = address.get(name);
    if (value && !Number.isNaN(Date.parse(value))) {
      filters[name] = new Date(value).toISOString();
    }
  }
  return filters;
}

/** The filters that are set, as an address or a download names them. */
export function entriesOf(filters: Filters): Record<string, string> {
  const named = Object.entries(filters).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return Object.fromEntries(named);
}

/** The address that names these filters. */
export function queryOf(filters: Filters): URLSearchParams {
  return new URLSearchParams(entriesOf(filters));
}
