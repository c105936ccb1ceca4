import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components, paths } from "../api/schema";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Recording = Schemas["Recording"];
export type KeepingRules = Schemas["KeepingRules"];
export type Filters = NonNullable<paths["/api/v1/recordings"]["get"]["parameters"]["query"]>;

export function useRecordings(filters: Filters): Pages<Recording> {
  return usePages(["recordings", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/recordings", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

export function useRemoveRecording(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) =>
      done(api.DELETE("/api/v1/recordings/{recording_id}", { params: { path: { recording_id: id } } })),
    { touches: ["recordings", "call"], said },
  );
}

/** Whether the stored file is still what was recorded. */
export function useVerify(): UseMutationResult<Schemas["Intactness"], Error, string> {
  return useChange(
    (id: string) =>
      bodyOf(
        api.POST("/api/v1/recordings/{recording_id}/verification", { params: { path: { recording_id: id } } }),
      ),
    { touches: [] },
  );
}

export function useKeepingRules(): UseQueryResult<KeepingRules> {
  return useQuery({
    queryKey: ["keeping-rules"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/recordings/rules", { signal })),
  });
}

export function useSaveKeepingRules(said: string): UseMutationResult<KeepingRules, Error, KeepingRules> {
  return useChange((rules: KeepingRules) => bodyOf(api.PUT("/api/v1/recordings/rules", { body: rules })), {
    touches: ["keeping-rules"],
    said,
    quiet: true,
  });
}
