import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type CodeList = components["schemas"]["CodeList"];
export type Code = components["schemas"]["KeptCode"];
export type NewCode = components["schemas"]["NewCode"];
export type LockedOut = components["schemas"]["LockedOut"];
export type CodeListValues = components["schemas"]["NewCodeList"];

const LOOK_AGAIN = 30_000;

export function useCodeLists(): Pages<CodeList> {
  return usePages(["code-lists"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/code-lists", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useCodeList(id: string): UseQueryResult<CodeList> {
  return useQuery({
    queryKey: ["code-lists", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/code-lists/{code_list_id}", { params: { path: { code_list_id: id } }, signal })),
  });
}

/** Saves a new list, or a change of one that was seen. */
export function useSaveCodeList(seen: CodeList | null): UseMutationResult<CodeList, Error, CodeListValues> {
  const { t } = useTranslation();
  return useChange(
    (body) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/code-lists/{code_list_id}", {
              params: { path: { code_list_id: seen.id }, header: ifMatch(seen.version) },
              body,
            })
          : api.POST("/api/v1/code-lists", { body }),
      ),
    { touches: ["code-lists"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveCodeList(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/code-lists/{code_list_id}", { params: { path: { code_list_id: id } } })),
    { touches: ["code-lists"], said: t("app.removed") },
  );
}

export function useCodes(listId: string): Pages<Code> {
  return usePages(["codes", listId], (cursor, signal) =>
    bodyOf(
      api.GET("/api/v1/code-lists/{code_list_id}/codes", {
        params: { path: { code_list_id: listId }, query: { limit: 50, ...cursor } },
        signal,
      }),
    ),
  );
}

export function useAddCode(listId: string): UseMutationResult<Code, Error, NewCode> {
  const { t } = useTranslation();
  return useChange(
    (body) =>
      bodyOf(api.POST("/api/v1/code-lists/{code_list_id}/codes", { params: { path: { code_list_id: listId } }, body })),
    { touches: ["codes"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveCode(listId: string): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) =>
      done(
        api.DELETE("/api/v1/code-lists/{code_list_id}/codes/{code_id}", {
          params: { path: { code_list_id: listId, code_id: id } },
        }),
      ),
    { touches: ["codes"], said: t("app.removed") },
  );
}

/** Callers whom too many wrong codes have locked out. */
export function useLockouts(listId: string): UseQueryResult<LockedOut[]> {
  return useQuery({
    queryKey: ["lockouts", listId],
    refetchInterval: LOOK_AGAIN,
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/code-lists/{code_list_id}/lockouts", { params: { path: { code_list_id: listId } }, signal })),
  });
}

export function useUnlock(listId: string): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (caller) =>
      done(
        api.POST("/api/v1/code-lists/{code_list_id}/unlock", {
          params: { path: { code_list_id: listId } },
          body: { caller },
        }),
      ),
    { touches: ["lockouts"], said: t("codeLists.lockouts.unlocked") },
  );
}

/** Six digits that nobody can guess. */
export function randomCode(): string {
  const digits = crypto.getRandomValues(new Uint32Array(6));
  return [...digits].map((digit) => digit % 10).join("");
}
