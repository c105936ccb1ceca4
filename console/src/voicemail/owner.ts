import type { BoxValues } from "./data";

export const OWNERS = ["enterprise", "hotline", "queue", "agent"] as const;
export type Owner = (typeof OWNERS)[number];

type Owned = Partial<Pick<BoxValues, "hotline_id" | "queue_id" | "agent_id" | "takes_blacklisted" | "for_members">>;

/** Whose a box is. */
export function ownerOf(box: Owned): Owner {
  if (box.hotline_id) {
    return "hotline";
  }
  if (box.queue_id) {
    return "queue";
  }
  return box.agent_id ? "agent" : "enterprise";
}

/** `values` with the ids of all other owners taken out: a box belongs to one. */
export function ownedBy<T extends Owned>(owner: Owner, values: T): T {
  return {
    ...values,
    hotline_id: owner === "hotline" ? (values.hotline_id ?? null) : null,
    queue_id: owner === "queue" ? (values.queue_id ?? null) : null,
    agent_id: owner === "agent" ? (values.agent_id ?? null) : null,
    takes_blacklisted: owner === "hotline" && Boolean(values.takes_blacklisted),
    for_members: owner === "queue" && Boolean(values.for_members),
  };
}
