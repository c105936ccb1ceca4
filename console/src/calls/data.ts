import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { useMe } from "../app/session";
import { useLive } from "../live/live";
import type { Filters } from "./filters";

export type Call = components["schemas"]["CallWithTargets"];
export type CallDetail = components["schemas"]["CallDetail"];
type CallPage = { items: Call[]; next_cursor?: string | null };

const LIST = "calls";
const DETAIL = "call";
const AT_MOST_EVERY = 1_000;

export function useCalls(filters: Filters): UseInfiniteQueryResult<InfiniteData<CallPage>> {
  const isOperator = useMe().enterprise_id === null;
  return useInfiniteQuery({
    queryKey: [LIST, filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<CallPage> => {
      const query = { ...filters, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      const path = isOperator ? "/api/v1/platform/calls" : "/api/v1/calls";
      return bodyOf<CallPage>(api.GET(path, { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}

export function useCall(id: string, enterpriseId: string | null): UseQueryResult<CallDetail> {
  return useQuery({
    queryKey: [DETAIL, id],
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

/** Keeps the lists of calls current, at most once a second; whether the connection stands. */
export function useLiveCalls(): boolean {
  const queries = useQueryClient();
  const timer = useRef<number | null>(null);
  useEffect(
    () => () => {
      if (timer.current !== null) {
        window.clearTimeout(timer.current);
      }
    },
    [],
  );
  const refresh = useCallback(
    (message: { type: string; call_id?: string }) => {
      if (message.type === "keepalive") {
        return;
      }
      if (message.call_id) {
        void queries.invalidateQueries({ queryKey: [DETAIL, message.call_id] });
      }
      timer.current ??= window.setTimeout(() => {
        timer.current = null;
        void queries.invalidateQueries({ queryKey: [LIST] });
      }, AT_MOST_EVERY);
    },
    [queries],
  );
  return useLive(useMe().enterprise_id, refresh);
}
