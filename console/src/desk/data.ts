import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { usePages, useChange, type PageOf, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type OwnCallRecord = Schemas["OwnCallRecord"];
type NewNote = Schemas["NewNote"];

/** The calls of a day (`2026-11-22`, in China); today's without. */
export function useOwnCalls(day: string | null): Pages<OwnCallRecord> {
  return usePages(["own-calls", "pages", day], (cursor, signal) =>
    bodyOf<PageOf<OwnCallRecord>>(
      api.GET("/api/v1/agent/calls", { params: { query: { ...cursor, limit: 50, ...(day && { day }) } }, signal }),
    ),
  );
}

/** The newest calls of today. */
export function useLatestCalls(): UseQueryResult<OwnCallRecord[]> {
  return useQuery({
    queryKey: ["own-calls", "latest"],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET("/api/v1/agent/calls", { params: { query: { limit: 8 } }, signal }))).items,
  });
}

/** Keeps what one says about a call; it replaces what one said before. */
export function useKeepNote(callId: string): UseMutationResult<void, Error, NewNote> {
  return useChange(
    async (body: NewNote) => {
      await api.PUT("/api/v1/calls/{call_id}/note", { params: { path: { call_id: callId } }, body });
    },
    { touches: ["own-calls"] },
  );
}
