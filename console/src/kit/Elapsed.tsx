import type { ReactNode } from "react";

import { useNow } from "./clock";
import { duration } from "./format";

interface Shown {
  /** How long it was in ms when it was fetched: clocks of browsers go wrong, those of servers do not. */
  then: number;
  /** When it was fetched, by this machine. */
  fetchedAt: number;
}

/** How long something has been going on, counting. */
export function Elapsed({ then, fetchedAt }: Shown): ReactNode {
  const now = useNow();
  return <span role="timer">{duration(Math.max(0, then + Math.max(0, now - fetchedAt)))}</span>;
}
