import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];

/** What both kinds of numbers have. */
export type Registered = Pick<
  Schemas["PendingDestination"] & Schemas["PendingCallerNumber"],
  | "id"
  | "number"
  | "label"
  | "status"
  | "review_note"
  | "reviewed_at"
  | "created_at"
  | "version"
  | "enterprise_id"
  | "enterprise_name"
>;

export const KINDS = ["destinations", "callerNumbers"] as const;
export type Kind = (typeof KINDS)[number];
export const STATUSES = ["pending", "approved", "rejected"] as const satisfies readonly Registered["status"][];
export type Status = (typeof STATUSES)[number];

export function useRegistered(kind: Kind, status: Status): Pages<Registered> {
  return usePages<Registered>(["approvals", kind, status], (cursor, signal) => {
    const sent = { params: { query: { status, limit: 50, ...cursor } }, signal };
    return kind === "destinations"
      ? bodyOf(api.GET("/api/v1/platform/destinations", sent))
      : bodyOf(api.GET("/api/v1/platform/caller-numbers", sent));
  });
}

interface Decision {
  of: Registered;
  decision: "approved" | "rejected";
  /** Shown to the enterprise. */
  note: string;
}

export function useReview(kind: Kind): UseMutationResult<unknown, Error, Decision> {
  const { t } = useTranslation();
  return useChange(
    ({ of, decision, note }): Promise<unknown> => {
      const common = { query: { enterprise_id: of.enterprise_id }, header: ifMatch(of.version) };
      const body = { decision, note };
      return kind === "destinations"
        ? bodyOf(
            api.POST("/api/v1/destinations/{destination_id}/review", {
              params: { ...common, path: { destination_id: of.id } },
              body,
            }),
          )
        : bodyOf(
            api.POST("/api/v1/caller-numbers/{number_id}/review", {
              params: { ...common, path: { number_id: of.id } },
              body,
            }),
          );
    },
    { touches: ["approvals", "destinations", "caller-numbers"], said: t("app.saved") },
  );
}
