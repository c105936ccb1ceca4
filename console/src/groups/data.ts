import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type Group = components["schemas"]["Group"];
export type Strategy = Group["strategy"];
export const STRATEGIES = ["priority", "sequential", "random"] as const satisfies readonly Strategy[];

/** What the form edits; `members` are destinations in their order. */
export interface GroupValues {
  name: string;
  strategy: Strategy;
  members: string[];
}

export function useGroups(): Pages<Group> {
  return usePages(["groups"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/forwarding-groups", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

/** Saves a new group, or a change of one that was seen. */
export function useSaveGroup(seen: Group | null): UseMutationResult<Group, Error, GroupValues> {
  const { t } = useTranslation();
  return useChange(
    (values) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/forwarding-groups/{group_id}", {
              params: { path: { group_id: seen.id }, header: ifMatch(seen.version) },
              body: values,
            })
          : api.POST("/api/v1/forwarding-groups", { body: values }),
      ),
    { touches: ["groups"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveGroup(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/forwarding-groups/{group_id}", { params: { path: { group_id: id } } })),
    { touches: ["groups"], said: t("app.removed") },
  );
}
