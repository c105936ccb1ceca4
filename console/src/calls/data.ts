import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { useEnterpriseId } from "../app/acting";
import { usePages, type PageOf, type Pages } from "../kit/data";
import type { Filters } from "./filters";

export type Call = components["schemas"]["CallWithTargets"];
export type CallDetail = components["schemas"]["CallDetail"];

/** The calls of an enterprise; for an operator who has entered none, of the whole platform. */
export function useCalls(filters: Filters): Pages<Call> {
  const path = useEnterpriseId() === null ? "/api/v1/platform/calls" : "/api/v1/calls";
  return usePages(["calls", path, filters], (cursor, signal) =>
    bodyOf<PageOf<Call>>(
      api.GET(path, { params: { query: { ...filters, limit: 50, ...cursor } }, signal }),
    ),
  );
}

export function useCall(id: string, enterpriseId: string | null): UseQueryResult<CallDetail> {
  return useQuery({
    queryKey: ["call", id],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calls/{call_id}", {
          params: {
            path: { call_id: id },
            query: enterpriseId ? { enterprise_id: enterpriseId } : {},
          },
          signal,
        }),
      ),
  });
}
