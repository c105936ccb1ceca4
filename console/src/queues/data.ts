import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Queue = Schemas["Queue"];
export type CheckedQueue = Schemas["CheckedQueue"];
export type QueueValues = Schemas["QueueChange"];
export type NewQueue = Schemas["NewQueue"];
export type Member = Schemas["MemberShown"];
export type OverflowTarget = Schemas["OverflowTarget"];

export const STRATEGIES = [
  "longest_idle",
  "round_robin",
  "fewest_calls",
  "least_talk",
  "priority",
  "random",
  "ring_all",
] as const satisfies readonly Queue["strategy"][];

export function useQueues(): Pages<Queue> {
  return usePages(["queues", "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/queues", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useQueue(id: string): UseQueryResult<CheckedQueue> {
  return useQuery({
    queryKey: ["queues", "one", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/queues/{queue_id}", { params: { path: { queue_id: id } }, signal })),
  });
}

export function useMembers(id: string): UseQueryResult<Member[]> {
  return useQuery({
    queryKey: ["queue-members", id],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET("/api/v1/queues/{queue_id}/members", { params: { path: { queue_id: id } }, signal })))
        .members,
  });
}

async function putMembers(id: string, members: readonly { agent_id: string; penalty: number }[]): Promise<void> {
  await bodyOf(
    api.PUT("/api/v1/queues/{queue_id}/members", {
      params: { path: { queue_id: id } },
      body: { members: members.map(({ agent_id, penalty }) => ({ agent_id, penalty })) },
    }),
  );
}

/** Sets up a queue with its first members. */
export function useAddQueue(): UseMutationResult<Queue, Error, NewQueue & { agents: string[] }> {
  return useChange(
    async ({ agents, ...values }: NewQueue & { agents: string[] }) => {
      const queue = await bodyOf(api.POST("/api/v1/queues", { body: values }));
      if (agents.length > 0) {
        await putMembers(
          queue.id,
          agents.map((agent_id) => ({ agent_id, penalty: 0 })),
        );
      }
      return queue;
    },
    { touches: ["queues", "queue-members"], quiet: true },
  );
}

export function useChangeQueue(
  queue: CheckedQueue,
  said: string,
): UseMutationResult<CheckedQueue, Error, QueueValues> {
  return useChange(
    (values: QueueValues) =>
      bodyOf(
        api.PATCH("/api/v1/queues/{queue_id}", {
          params: { path: { queue_id: queue.id }, header: ifMatch(queue.version) },
          body: values,
        }),
      ),
    { touches: ["queues"], said, quiet: true },
  );
}

export function useSaveMembers(id: string, said: string): UseMutationResult<void, Error, readonly Member[]> {
  return useChange((members: readonly Member[]) => putMembers(id, members), { touches: ["queue-members"], said });
}

export function useRemoveQueue(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/queues/{queue_id}", { params: { path: { queue_id: id } } })),
    { touches: ["queues"], said },
  );
}
