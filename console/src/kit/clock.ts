import { useSyncExternalStore } from "react";

import { serverAhead } from "../api/clock";

let now = Date.now();
let timer = 0;
const watchers = new Set<() => void>();

function watch(changed: () => void): () => void {
  watchers.add(changed);
  if (watchers.size === 1) {
    now = Date.now();
    timer = window.setInterval(() => {
      now = Date.now();
      watchers.forEach((watcher) => watcher());
    }, 1_000);
  }
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) {
      window.clearInterval(timer);
    }
  };
}

/** The time of this machine in ms, every second anew; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

/** The server's time in ms, every second anew. */
export function useServerNow(): number {
  return useNow() + serverAhead();
}
