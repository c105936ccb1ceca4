import type { TimeInState } from "./data";
import { STATES, type AgentState } from "./states";

/** How long one agent was in each state, in seconds. */
export interface Sum {
  readonly agentId: string;
  readonly seconds: Readonly<Record<AgentState, number>>;
}

/** The times of `items` by agent and state, over all days. */
export function sumsOf(items: readonly TimeInState[]): Sum[] {
  const byAgent = new Map<string, Record<AgentState, number>>();
  for (const item of items) {
    const seconds =
      byAgent.get(item.agent_id) ??
      (Object.fromEntries(STATES.map((state) => [state, 0])) as Record<AgentState, number>);
    seconds[item.state] += item.seconds;
    byAgent.set(item.agent_id, seconds);
  }
  return [...byAgent].map(([agentId, seconds]) => ({ agentId, seconds }));
}
