import { useMemo } from "react";

import { useAllAgents, useAllHotlines, useAllQueues } from "./choices";

/** What ids are called; empty where that is not known, or no longer there. */
export interface Names {
  readonly agent: (id: unknown) => string;
  readonly queue: (id: unknown) => string;
  readonly hotline: (id: unknown) => string;
}

export function useNames(): Names {
  const agents = useAllAgents().data;
  const queues = useAllQueues().data;
  const hotlines = useAllHotlines().data;
  return useMemo(() => {
    const agentNames = new Map(agents?.map((agent) => [agent.id, `${agent.name} ${agent.extension}`]));
    const queueNames = new Map(queues?.map((queue) => [queue.id, queue.name]));
    const hotlineNames = new Map(hotlines?.map((hotline) => [hotline.id, hotline.name || hotline.number]));
    return {
      agent: (id) => agentNames.get(String(id)) ?? "",
      queue: (id) => queueNames.get(String(id)) ?? "",
      hotline: (id) => hotlineNames.get(String(id)) ?? "",
    };
  }, [agents, queues, hotlines]);
}
