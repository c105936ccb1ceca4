import type { LiveMessage } from "../live/live";

interface InState {
  readonly agent_id: string;
  readonly state: string;
  readonly reason: string;
  readonly since: string;
}

/** The list with what an `agent_state` message says of one agent; the same list where it says nothing new. */
export function withTold<T extends InState>(all: T[], message: LiveMessage): T[] {
  const { agent_id: id, state, reason, at } = message;
  const before = all.find((one) => one.agent_id === id);
  if (message.type !== "agent_state" || !before || typeof state !== "string" || typeof at !== "string") {
    return all;
  }
  // Two changes at once may arrive in any order: the later one holds.
  if (Date.parse(at) < Date.parse(before.since)) {
    return all;
  }
  const told = { state, reason: typeof reason === "string" ? reason : "", since: at };
  return all.map((one) => (one === before ? { ...one, ...told } : one));
}
