import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";

type Schemas = components["schemas"];
export type Today = Schemas["Today"];
export type PlatformToday = Schemas["PlatformToday"];
export type DayFigures = Schemas["DayFigures"];
export type HourFigures = Schemas["HourFigures"];
export type MissedCaller = Schemas["MissedCaller"];
export type EnterpriseDay = Schemas["EnterpriseDay"];
export type OwnAgent = Schemas["OwnAgent"];
export type OwnToday = Schemas["OwnToday"];
export type TaskKind = Schemas["Waiting"] | Schemas["PlatformWaiting"] | Schemas["OwnWaiting"];
export type Message = Schemas["Message"];

/** Counts of what waits do not all come by the live connection. */
const EVERY = 60_000;

export function useToday(): UseQueryResult<Today> {
  return useQuery({ queryKey: ["today"], queryFn: () => bodyOf(api.GET("/api/v1/today")), refetchInterval: EVERY });
}

export function usePlatformToday(): UseQueryResult<PlatformToday> {
  return useQuery({
    queryKey: ["today", "platform"],
    queryFn: () => bodyOf(api.GET("/api/v1/platform/today")),
    refetchInterval: EVERY,
  });
}

/** The agent that I am; null: I am none. */
export function useOwnAgent(): UseQueryResult<OwnAgent | null> {
  return useQuery({
    queryKey: ["today", "agent"],
    queryFn: async () => {
      try {
        return await bodyOf(api.GET("/api/v1/agent"));
      } catch (error) {
        if (error instanceof Problem && error.status < 500) {
          return null;
        }
        throw error;
      }
    },
    refetchInterval: EVERY,
  });
}

/** My calls of today, and what waits for me. */
export function useOwnToday(enabled: boolean): UseQueryResult<OwnToday> {
  return useQuery({
    queryKey: ["today", "own"],
    queryFn: () => bodyOf(api.GET("/api/v1/agent/today")),
    refetchInterval: EVERY,
    enabled,
  });
}

/** The newest messages of mine that I have not heard. */
export function useUnheard(): UseQueryResult<Message[]> {
  return useQuery({
    queryKey: ["today", "messages"],
    queryFn: async () => (await bodyOf(api.GET("/api/v1/voicemail/messages", { params: { query: { status: "new", limit: 5 } } }))).items,
    refetchInterval: EVERY,
  });
}
