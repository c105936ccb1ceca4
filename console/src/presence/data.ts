import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { allOf, useChange } from "../kit/data";

type Schemas = components["schemas"];
export type Presence = Schemas["AgentPresence"];
export type TimeInState = Schemas["TimeInState"];
export type Choosable = Schemas["StateRequest"]["state"];

const LOOK_AGAIN = 30_000;

/** What every agent is doing. */
export function usePresences(enabled = true): UseQueryResult<Presence[]> {
  return useQuery({
    queryKey: ["agent-states"],
    enabled,
    refetchInterval: LOOK_AGAIN,
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/agents/states", { signal })),
  });
}

/** How long agents were in each state, `from` and `to` being days. */
export function useTimes(from: string, to: string): UseQueryResult<TimeInState[]> {
  return useQuery({
    queryKey: ["agent-times", from, to],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET("/api/v1/agents/times", { params: { query: { from, to } }, signal }))).items,
  });
}

export function useBreakReasons(): string[] {
  const { data } = useQuery({
    queryKey: ["break-reasons", "all"],
    queryFn: () => allOf((cursor) => bodyOf(api.GET("/api/v1/break-reasons", { params: { query: cursor } }))),
  });
  return [...(data ?? [])].sort((one, other) => one.position - other.position).map((reason) => reason.name);
}

export interface Wish {
  agentId: string;
  state: Choosable;
  reason: string;
}

/** Changes what an agent is doing; during a call it comes after it. */
export function useForceState(): UseMutationResult<Schemas["StateAnswer"], Error, Wish> {
  return useChange(
    ({ agentId, state, reason }: Wish) =>
      bodyOf(
        api.POST("/api/v1/agents/{agent_id}/state", {
          params: { path: { agent_id: agentId } },
          body: { state, reason },
        }),
      ),
    { touches: ["agent-states", "wallboard"] },
  );
}
