import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type Destination = components["schemas"]["Destination"];
export type DestinationStatus = components["schemas"]["DestinationStatus"];

export const STATUSES = ["approved", "pending", "rejected", "disabled"] as const satisfies readonly DestinationStatus[];

/** What the form edits. */
export interface DestinationValues {
  number: string;
  label: string;
  ring_timeout: number;
  concurrent_cap: number | null;
  monthly_cap_minutes: number | null;
  enabled?: boolean;
}

// Groups show their members' numbers and states.
const TOUCHES = ["destinations", "groups"];

export function useDestinations(status: DestinationStatus | null): Pages<Destination> {
  return usePages(["destinations", status], (cursor, signal) =>
    bodyOf(
      api.GET("/api/v1/destinations", {
        params: { query: { limit: 50, ...(status && { status }), ...cursor } },
        signal,
      }),
    ),
  );
}

/** Saves a new destination, or a change of one that was seen. */
export function useSaveDestination(seen: Destination | null): UseMutationResult<Destination, Error, DestinationValues> {
  const { t } = useTranslation();
  return useChange(
    (values) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/destinations/{destination_id}", {
              params: { path: { destination_id: seen.id }, header: ifMatch(seen.version) },
              body: partly<components["schemas"]["DestinationChange"]>(changesOf(seen, values)),
            })
          : api.POST("/api/v1/destinations", { body: values }),
      ),
    { touches: TOUCHES, said: t("app.saved"), quiet: true },
  );
}

/** Only what is not as it was: the same number named again would have to be approved again. */
export function changesOf(seen: Destination, values: DestinationValues): Partial<DestinationValues> {
  const before: DestinationValues = { ...seen, enabled: seen.status !== "disabled" };
  const names = Object.keys(values) as (keyof DestinationValues)[];
  return Object.fromEntries(names.filter((name) => values[name] !== before[name]).map((name) => [name, values[name]]));
}

export function useRemoveDestination(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/destinations/{destination_id}", { params: { path: { destination_id: id } } })),
    { touches: TOUCHES, said: t("app.removed") },
  );
}
