import {
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type PageOf, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Flow = Schemas["Flow"];
export type FlowVersion = Schemas["FlowVersion"];
export type NodeType = Schemas["NodeType"];
export type FlowProblem = Schemas["FlowProblem"];
export type DryRun = Schemas["DryRun"];
export type DryRunResult = Schemas["DryRunResult"];
export type PathStep = Schemas["PathStep"];
type Draft = Record<string, unknown>;

export function useFlows(): Pages<Flow> {
  return usePages(["flows"], (cursor, signal) =>
    bodyOf<PageOf<Flow>>(api.GET("/api/v1/flows", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useFlow(id: string): UseQueryResult<Flow> {
  return useQuery({
    queryKey: ["flow", id],
    queryFn: () => readFlow(id),
    // The editor has its own copy: what it shows must not change under the hand.
    refetchOnWindowFocus: false,
    staleTime: 0,
    gcTime: 0,
  });
}

export function readFlow(id: string): Promise<Flow> {
  return bodyOf(api.GET("/api/v1/flows/{flow_id}", { params: { path: { flow_id: id } } }));
}

export function useNodeTypes(): UseQueryResult<NodeType[]> {
  return useQuery({
    queryKey: ["flow-node-types"],
    queryFn: () => bodyOf(api.GET("/api/v1/flow-node-types")),
    staleTime: Infinity,
  });
}

export function readHotlineFlow(id: string): Promise<Schemas["NewFlow"]> {
  return bodyOf(api.GET("/api/v1/hotlines/{hotline_id}/flow", { params: { path: { hotline_id: id } } }));
}

export function useHotlineFlow(id: string): UseQueryResult<Schemas["NewFlow"]> {
  return useQuery({ queryKey: ["hotline-flow", id], queryFn: () => readHotlineFlow(id) });
}

export function createFlow(name: string, draft: Draft): Promise<Flow> {
  return bodyOf(api.POST("/api/v1/flows", { body: { name, draft } }));
}

export function useRemoveFlow(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange((id: string) => done(api.DELETE("/api/v1/flows/{flow_id}", { params: { path: { flow_id: id } } })), {
    touches: ["flows"],
    said: t("app.removed"),
  });
}

/** Refused with status 412 where somebody has saved since `version` was read. */
export function saveFlow(id: string, version: string, change: { name: string; draft: Draft }): Promise<Flow> {
  return bodyOf(
    api.PATCH("/api/v1/flows/{flow_id}", {
      params: { path: { flow_id: id }, header: ifMatch(version) },
      body: change,
    }),
  );
}

export function publishFlow(id: string, version: string, note: string): Promise<Flow> {
  return bodyOf(
    api.POST("/api/v1/flows/{flow_id}/publish", {
      params: { path: { flow_id: id }, header: ifMatch(version) },
      body: { note },
    }),
  );
}

export function rollBack(id: string, seen: string, version: number): Promise<Flow> {
  return bodyOf(
    api.POST("/api/v1/flows/{flow_id}/roll-back", {
      params: { path: { flow_id: id }, header: ifMatch(seen) },
      body: { version },
    }),
  );
}

const VERSIONS_AT_ONCE = 20;

/** Newest first; further pages have the older ones. */
export function useVersions(id: string): UseInfiniteQueryResult<InfiniteData<FlowVersion[]>> {
  return useInfiniteQuery({
    queryKey: ["flow-versions", id],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam: before, signal }) =>
      bodyOf(
        api.GET("/api/v1/flows/{flow_id}/versions", {
          params: { path: { flow_id: id }, query: before === null ? {} : { before } },
          signal,
        }),
      ),
    getNextPageParam: (page) => (page.length < VERSIONS_AT_ONCE ? null : (page.at(-1)?.version ?? null)),
  });
}

/** What keeps this draft from being published; the one before is shown until it is known. */
function problemsOf(id: string, draft: Draft) {
  return queryOptions({
    queryKey: ["flow-problems", id, draft],
    queryFn: async ({ signal }) =>
      (
        await bodyOf(
          api.POST("/api/v1/flows/{flow_id}/problems", { params: { path: { flow_id: id } }, body: { draft }, signal }),
        )
      ).problems,
  });
}

export function useProblems(id: string, draft: Draft): UseQueryResult<FlowProblem[]> {
  return useQuery({ ...problemsOf(id, draft), placeholderData: (before) => before, gcTime: 0 });
}

/** Looks at a draft at once; how many problems it has. */
export function useCheck(id: string): (draft: Draft) => Promise<number> {
  const client = useQueryClient();
  return async (draft) => (await client.fetchQuery(problemsOf(id, draft))).length;
}

export function dryRun(id: string, call: DryRun): Promise<DryRunResult> {
  return bodyOf(api.POST("/api/v1/flows/{flow_id}/dry-run", { params: { path: { flow_id: id } }, body: call }));
}

export function dryRunOfHotline(id: string, call: DryRun): Promise<DryRunResult> {
  return bodyOf(api.POST("/api/v1/hotlines/{hotline_id}/dry-run", { params: { path: { hotline_id: id } }, body: call }));
}

/** To be called after a flow was saved, published or rolled back. */
export function useForgetFlows(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    const touched = ["flows", "flow-versions", "today"];
    await Promise.all(touched.map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
}
