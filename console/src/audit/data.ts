import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { usePages, type Pages } from "../kit/data";

export type AuditEntry = components["schemas"]["AuditEntry"];

export interface AuditFilters {
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
