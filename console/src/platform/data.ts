import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";

type Schemas = components["schemas"];
export type Status = Schemas["PlatformStatus"];
export type Trouble = Schemas["TroubleShown"];
export type TroubleKind = Trouble["kind"];
export type Node = Schemas["NodeShown"];
export type Jobs = Schemas["JobsShown"];
export type Carrier = Schemas["CarrierShown"];

const LOOK_AGAIN = 10_000;

export function useStatus(): UseQueryResult<Status> {
  return useQuery({
    queryKey: ["platform-status"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/platform/status", { signal })),
    refetchInterval: LOOK_AGAIN,
  });
}
