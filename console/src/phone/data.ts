import { useQuery, useQueryClient, type QueryClient, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { allOf } from "../kit/data";
import { useLive, useLivePatch, useLiveRefresh, type LiveMessage } from "../live/live";
import { withTold } from "../presence/told";

type Schemas = components["schemas"];
export type OwnAgent = Schemas["OwnAgent"];
export type AgentState = Schemas["AgentState"];
export type Device = Schemas["Device"];
export type OwnCall = Schemas["OwnCall"];
export type OfferedCall = Schemas["OfferedCall"];
export type CallCommand = Schemas["CallCommand"];
export type Colleague = Schemas["Colleague"];
export type QueueLoad = Schemas["QueueLoad"];
export type Disposition = Schemas["Disposition"];

const AGENT = ["own-agent"] as const;
const CALL = ["own-call"] as const;
/** Live messages tell at once; this is for what they cannot tell: a new day, a lost message. */
const LOOK_AGAIN = 60_000;
/** Messages tell what colleagues do; that somebody is new only shows when they are fetched again. */
const UNKNOWN_COLLEAGUES = 10_000;

export function useOwnAgent(): UseQueryResult<OwnAgent> {
  return useQuery({
    queryKey: AGENT,
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/agent", { signal })),
    refetchInterval: LOOK_AGAIN,
  });
}

const OWN_CALL = {
  queryKey: CALL,
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<OwnCall | null> =>
    bodyOf(api.GET("/api/v1/agent/call", { signal })),
};

/** The call that one is offered or has; null: none. */
export function useOwnCall(): UseQueryResult<OwnCall | null> {
  return useQuery({ ...OWN_CALL, refetchInterval: LOOK_AGAIN });
}

/** Looks which call there is, unless that is known. */
export async function lookAtCall(client: QueryClient): Promise<void> {
  if (!client.getQueryData<OwnCall | null>(CALL)) {
    await client.fetchQuery({ ...OWN_CALL, staleTime: 0 });
  }
}

/** Keeps what one is doing, and the own call, as the server tells it. */
export function useOwnLive(agentId: string, offered: (call: OwnCall) => void): void {
  const client = useQueryClient();
  useLive((message) => {
    if (message.type === "resync") {
      refreshOwn(client);
    } else if (message.type === "call_offered" && message["agent_id"] === agentId) {
      offered(noteOffer(client, message));
    } else if (message.type === "agent_state" && message["agent_id"] === agentId) {
      notePresence(client, message);
      refreshOwn(client);
    } else if (message.call_id !== undefined && message.call_id === client.getQueryData<OwnCall | null>(CALL)?.call_id) {
      void client.invalidateQueries({ queryKey: CALL });
      void client.invalidateQueries({ queryKey: ["own-calls"] });
    }
  });
}

export function refreshOwn(client: QueryClient): void {
  for (const key of [AGENT, CALL, ["own-calls"]]) {
    void client.invalidateQueries({ queryKey: key });
  }
}

/** The card is there before the device rings. */
function noteOffer(client: QueryClient, message: LiveMessage): OwnCall {
  const details = message as unknown as OfferedCall;
  const call: OwnCall = {
    call_id: String(message.call_id),
    state: "ringing",
    since: details.at,
    queue_id: details.queue_id,
    direction: null,
    number: details.caller,
    details,
    lines: [],
  };
  void client.cancelQueries({ queryKey: CALL });
  client.setQueryData(CALL, call);
  return call;
}

function notePresence(client: QueryClient, message: LiveMessage): void {
  client.setQueryData<OwnAgent>(AGENT, (own) =>
    own && {
      ...own,
      presence: {
        ...own.presence,
        state: message["state"] as AgentState,
        reason: String(message["reason"] ?? ""),
        since: String(message["at"]),
        call_id: message.call_id ?? null,
        wrap_up_until: null,
      },
    },
  );
}

/** What everybody is doing, as it changes. */
export function useColleagues(): UseQueryResult<Colleague[]> {
  useLivePatch<Colleague[]>("colleagues", withTold);
  useLiveRefresh(["colleagues"], (message) => message.type === "agent_state", UNKNOWN_COLLEAGUES);
  return useQuery({
    queryKey: ["colleagues"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/agent/colleagues", { signal })),
  });
}

/** How busy the queues are, one's own first. */
export function useQueueLoads(): UseQueryResult<QueueLoad[]> {
  useLiveRefresh(["own-queues"], (message) => message.type === "queue_entry" || message.type === "agent_state", 2_000);
  return useQuery({
    queryKey: ["own-queues"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/agent/queues", { signal })),
    refetchInterval: LOOK_AGAIN,
  });
}

/** How calls can come out, in the order in which the administrator put them. */
export function useDispositions(): UseQueryResult<Disposition[]> {
  return useQuery({
    queryKey: ["dispositions", "all"],
    queryFn: () =>
      allOf((cursor) => bodyOf(api.GET("/api/v1/dispositions", { params: { query: { ...cursor, limit: 200 } } }))),
    select: (all) =>
      all
        .filter((one) => one.enabled)
        .sort((one, other) => one.position - other.position || one.name.localeCompare(other.name)),
    staleTime: LOOK_AGAIN,
  });
}
