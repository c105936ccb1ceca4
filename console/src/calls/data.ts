import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { useEnterpriseId } from "../app/acting";
import { may, useMe } from "../app/session";
import { usePages, type PageOf, type Pages } from "../kit/data";
import type { Filters } from "./filters";

type Schemas = components["schemas"];
export type Call = Schemas["CallWithTargets"];
export type CallDetail = Schemas["CallDetail"];
export type CallNote = Schemas["CallNote"];
export type Decision = Schemas["DecisionShown"];
export type Review = Schemas["hotline__quality__schemas__Review"];
export type Supervision = Schemas["Supervision"];

const LOOK_AGAIN = 10_000;

/** The calls of an enterprise; for an operator who has entered none, of the whole platform. */
export function useCalls(filters: Filters): Pages<Call> {
  const ofAll = useEnterpriseId() === null;
  const { of_no_enterprise: unassigned, ...others } = filters;
  const query = { ...others, limit: 50 };
  return usePages<Call>(
    ["calls", ofAll, filters],
    (cursor, signal) =>
      ofAll
        ? bodyOf<PageOf<Call>>(
            api.GET("/api/v1/platform/calls", {
              params: { query: { ...query, ...cursor, of_no_enterprise: unassigned !== undefined } },
              signal,
            }),
          )
        : bodyOf<PageOf<Call>>(api.GET("/api/v1/calls", { params: { query: { ...query, ...cursor } }, signal })),
    // Across all enterprises there is no live connection.
    ofAll ? { refetchInterval: LOOK_AGAIN } : {},
  );
}

function queryFor(enterpriseId: string | null): { enterprise_id?: string } {
  return enterpriseId ? { enterprise_id: enterpriseId } : {};
}

export function useCall(id: string, enterpriseId: string | null): UseQueryResult<CallDetail> {
  return useQuery({
    queryKey: ["call", id],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calls/{call_id}", {
          params: { path: { call_id: id }, query: queryFor(enterpriseId) },
          signal,
        }),
      ),
  });
}

/** Why the call went to whom it went; nothing for a call that was in no queue. */
export function useDecisions(call: CallDetail, enterpriseId: string | null): Decision[] {
  const me = useMe();
  const { data } = useQuery({
    queryKey: ["call", call.id, "decisions"],
    enabled: may(me, "queues.read") && call.events.some((event) => event.type === "agent_offered"),
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calls/{call_id}/queue-decisions", {
          params: { path: { call_id: call.id }, query: queryFor(enterpriseId) },
          signal,
        }),
      ),
  });
  return data?.decisions ?? [];
}

/** What agents say about a call. */
export function useNotes(id: string, enterpriseId: string | null): UseQueryResult<CallNote[]> {
  return useQuery({
    queryKey: ["call", id, "notes"],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calls/{call_id}/notes", {
          params: { path: { call_id: id }, query: queryFor(enterpriseId) },
          signal,
        }),
      ),
  });
}

/** What supervisors found of a call. */
export function useReviewsOf(id: string, enterpriseId: string | null): UseQueryResult<Review[]> {
  const me = useMe();
  return useQuery({
    queryKey: ["reviews", "of", id],
    enabled: may(me, "quality.read"),
    queryFn: async ({ signal }) => {
      const page = await bodyOf(
        api.GET("/api/v1/quality/reviews", {
          params: { query: { call_id: id, ...queryFor(enterpriseId) } },
          signal,
        }),
      );
      return page.items;
    },
  });
}

/** Who was present at a call, for those who may know. */
export function useSupervisionsOf(id: string, enterpriseId: string | null): Supervision[] {
  const me = useMe();
  const { data } = useQuery({
    queryKey: ["call", id, "supervision"],
    enabled: may(me, "calls.supervise"),
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calls/{call_id}/supervision", {
          params: { path: { call_id: id }, query: queryFor(enterpriseId) },
          signal,
        }),
      ),
  });
  return data ?? [];
}
