import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { allOf, usePages, type Pages } from "../kit/data";

export type AuditEntry = components["schemas"]["AuditEntry"];

export interface AuditFilters {
  actor_id?: string;
  object_type?: string;
  since?: string;
  until?: string;
}

/** Of the enterprise that one is in, or of everything. */
export type Reach = "enterprise" | "platform";

export function useAudit(reach: Reach, filters: AuditFilters): Pages<AuditEntry> {
  return usePages(["audit", reach, filters], (cursor, signal) => {
    const sent = { params: { query: { ...filters, limit: 50, ...cursor } }, signal };
    return bodyOf(reach === "platform" ? api.GET("/api/v1/platform/audit", sent) : api.GET("/api/v1/audit", sent));
  });
}

export interface Actor {
  readonly id: string;
  readonly name: string;
}

/** Who may have changed something: people and programs, those who left too. */
export function useActors(reach: Reach): UseQueryResult<Actor[]> {
  return useQuery({
    queryKey: ["users", "actors", reach],
    queryFn: async () => {
      const [people, programs] = await Promise.all(
        reach === "platform"
          ? [
              allOf<Actor>((query) => bodyOf(api.GET("/api/v1/operators", { params: { query } }))),
              allOf<Actor>((query) => bodyOf(api.GET("/api/v1/operator-api-keys", { params: { query } }))),
            ]
          : [
              allOf<Actor>((query) => bodyOf(api.GET("/api/v1/users", { params: { query } }))),
              allOf<Actor>((query) => bodyOf(api.GET("/api/v1/api-keys", { params: { query } }))),
            ],
      );
      return [...people, ...programs];
    },
  });
}
