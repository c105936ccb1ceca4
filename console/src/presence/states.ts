import type { components } from "../api/schema";

export type AgentState = components["schemas"]["AgentPresence"]["state"];

/** In the order in which people look for them. */
export const STATES = [
  "ready",
  "ringing",
  "talking",
  "on_hold",
  "wrap_up",
  "break",
  "offline",
] as const satisfies readonly AgentState[];

/** How states are coloured, everywhere alike: names of tags' colours. */
export const STATE_COLOURS: Readonly<Record<string, string>> = {
  ready: "green",
  ringing: "gold",
  talking: "blue",
  on_hold: "purple",
  wrap_up: "orange",
  break: "magenta",
  offline: "default",
};

/** The order of `state` among all. */
export function placeOf(state: string): number {
  const place = STATES.findIndex((one) => one === state);
  return place === -1 ? STATES.length : place;
}
