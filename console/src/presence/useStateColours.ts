import { theme } from "antd";

import type { AgentState } from "./states";

/** The states' colours for what is drawn, in light and dark. */
export function useStateColours(): Readonly<Record<AgentState, string>> {
  const { token } = theme.useToken();
  return {
    ready: token.green,
    ringing: token.gold,
    talking: token.blue,
    on_hold: token.purple,
    wrap_up: token.orange,
    break: token.magenta,
    offline: token.colorFillSecondary,
  };
}
