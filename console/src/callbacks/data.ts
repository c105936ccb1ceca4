import type { UseMutationResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { useChange, usePages, type Pages } from "../kit/data";

export type Callback = components["schemas"]["Callback"];

export function useCallbacks(queueId: string | undefined, isToCome: boolean): Pages<Callback> {
  return usePages(["callbacks", queueId, isToCome], (cursor, signal) =>
    bodyOf(
      api.GET("/api/v1/queue-callbacks", {
        params: { query: { limit: 50, waiting: isToCome, ...(queueId ? { queue_id: queueId } : {}), ...cursor } },
        signal,
      }),
    ),
  );
}

export function useCancelCallback(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) =>
      done(api.DELETE("/api/v1/queue-callbacks/{callback_id}", { params: { path: { callback_id: id } } })),
    { touches: ["callbacks"], said },
  );
}
