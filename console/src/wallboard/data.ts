import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";

type Schemas = components["schemas"];
export type Wallboard = Schemas["Wallboard"];
export type QueueFigures = Schemas["QueueFigures"];
export type AgentFigures = Schemas["AgentFigures"];
export type HotlineFigures = Schemas["HotlineFigures"];

/** Midnight passes and averages move without an event. */
const LOOK_AGAIN = 15_000;

export function useWallboard(): UseQueryResult<Wallboard> {
  return useQuery({
    queryKey: ["wallboard"],
    refetchInterval: LOOK_AGAIN,
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/wallboard", { signal })),
  });
}
