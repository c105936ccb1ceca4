import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { may, useMe } from "../app/session";
import { useAllAgents } from "../kit/choices";
import { useChange } from "../kit/data";
import { usePresences } from "../presence/data";

type Schemas = components["schemas"];
export type OpenCall = Schemas["OpenCall"];
export type Mode = Schemas["SupervisionRequest"]["mode"];

const LOOK_AGAIN = 10_000;
const TOUCHED = ["live-calls", "agent-states", "own-supervision"] as const;

export function useOpenCalls(): UseQueryResult<Schemas["OpenCalls"]> {
  return useQuery({
    queryKey: ["live-calls"],
    refetchInterval: LOOK_AGAIN,
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/calls/live", { signal })),
  });
}

/** How I am present at a call. */
export interface OwnSupervision {
  readonly callId: string;
  readonly mode: Mode;
  readonly isRinging: boolean;
}

interface Own {
  /** The agent that I am; null: none, so that no device of mine can ring. */
  readonly agentId: string | null;
  /** Whether that has been found out. */
  readonly isKnown: boolean;
  readonly present: OwnSupervision | null;
}

/** Who I am as an agent, and at which call I am present. It survives a reload of the page. */
export function useOwnSupervision(): Own {
  const me = useMe();
  const mayBePresent = may(me, "calls.supervise");
  const agents = useAllAgents().data;
  const agentId = agents?.find((agent) => agent.user_id === me.id && agent.enabled)?.id ?? null;
  const presence = usePresences(agentId !== null).data?.find((one) => one.agent_id === agentId);
  const callId = presence?.reason === "supervising" ? presence.call_id : null;
  const { data } = useQuery({
    queryKey: ["own-supervision", callId],
    enabled: mayBePresent && Boolean(callId),
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calls/{call_id}/supervision", { params: { path: { call_id: callId ?? "" } }, signal }),
      ),
  });
  const mine = data?.filter((one) => one.agent_id === agentId && one.state !== "ended").at(-1);
  const present = callId && mine ? { callId, mode: mine.mode, isRinging: mine.state === "ringing" } : null;
  return { agentId, isKnown: agents !== undefined, present };
}

/** Rings my device to be present at a call, or goes on there in another mode. */
export function useSupervise(): UseMutationResult<
  Schemas["SupervisionStarted"],
  Error,
  { callId: string; mode: Mode; isThere: boolean }
> {
  return useChange(
    ({ callId, mode, isThere }: { callId: string; mode: Mode; isThere: boolean }) => {
      const request = { params: { path: { call_id: callId } }, body: { mode } };
      const path = "/api/v1/calls/{call_id}/supervision";
      return bodyOf(isThere ? api.PATCH(path, request) : api.POST(path, request));
    },
    { touches: TOUCHED },
  );
}

export function useLeave(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (callId: string) =>
      done(api.DELETE("/api/v1/calls/{call_id}/supervision", { params: { path: { call_id: callId } } })),
    { touches: TOUCHED, said },
  );
}

/** Ends a call for everybody in it. */
export function useHangUp(said: string): UseMutationResult<unknown, Error, string> {
  return useChange(
    (callId: string) =>
      bodyOf(
        api.POST("/api/v1/calls/{call_id}/commands", {
          params: { path: { call_id: callId } },
          body: { verb: "hangup" },
        }),
      ),
    { touches: TOUCHED, said },
  );
}
