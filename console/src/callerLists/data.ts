import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type CallerList = components["schemas"]["CallerList"];
export type Caller = components["schemas"]["Caller"];
export type NewCaller = components["schemas"]["NewCaller"];
type ImportResult = components["schemas"]["ImportResult"];

export interface ListValues {
  name: string;
}

export function useCallerLists(): Pages<CallerList> {
  return usePages(["caller-lists"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/caller-lists", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useCallerList(id: string): UseQueryResult<CallerList> {
  return useQuery({
    queryKey: ["caller-lists", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/caller-lists/{list_id}", { params: { path: { list_id: id } }, signal })),
  });
}

/** Saves a new list, or a change of one that was seen. */
export function useSaveCallerList(seen: CallerList | null): UseMutationResult<CallerList, Error, ListValues> {
  const { t } = useTranslation();
  return useChange(
    (body) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/caller-lists/{list_id}", {
              params: { path: { list_id: seen.id }, header: ifMatch(seen.version) },
              body,
            })
          : api.POST("/api/v1/caller-lists", { body }),
      ),
    { touches: ["caller-lists"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveCallerList(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/caller-lists/{list_id}", { params: { path: { list_id: id } } })),
    { touches: ["caller-lists"], said: t("app.removed") },
  );
}

export function useCallers(listId: string): Pages<Caller> {
  return usePages(["callers", listId], (cursor, signal) =>
    bodyOf(
      api.GET("/api/v1/caller-lists/{list_id}/callers", {
        params: { path: { list_id: listId }, query: { limit: 50, ...cursor } },
        signal,
      }),
    ),
  );
}

/** Puts a number on a list, or changes its entry. */
export function useSaveCaller(listId: string): UseMutationResult<Caller, Error, NewCaller> {
  const { t } = useTranslation();
  return useChange(
    (body) =>
      bodyOf(api.POST("/api/v1/caller-lists/{list_id}/callers", { params: { path: { list_id: listId } }, body })),
    { touches: ["callers"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveCaller(listId: string): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) =>
      done(
        api.DELETE("/api/v1/caller-lists/{list_id}/callers/{caller_id}", {
          params: { path: { list_id: listId, caller_id: id } },
        }),
      ),
    { touches: ["callers"], said: t("app.removed") },
  );
}

export function importCallers(listId: string, text: string): Promise<ImportResult> {
  return bodyOf(
    api.POST("/api/v1/caller-lists/{list_id}/import", {
      params: { path: { list_id: listId } },
      headers: { "Content-Type": "text/csv" },
      body: text,
      bodySerializer: (body) => body,
    }),
  );
}
