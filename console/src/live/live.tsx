import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { useEnterpriseId } from "../app/acting";
import { may, useMe } from "../app/session";
import { connect, type LiveMessage } from "./connection";

export type { LiveMessage };

type Handler = (message: LiveMessage) => void;

interface Live {
  /** null: there is none, as an operator has entered no enterprise or an agent has no extension yet. */
  readonly connected: boolean | null;
  readonly handlers: Set<Handler>;
}

/** What happens together is told in several messages; they are waited for, in ms. */
const GATHER = 80;

const Connection = createContext<Live | null>(null);

/** One connection for all pages; it comes back by itself. */
export function LiveProvider({ children }: { children: ReactNode }): ReactNode {
  const enterpriseId = useWatched();
  const [handlers] = useState(() => new Set<Handler>());
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (enterpriseId === null) {
      return undefined;
    }
    return connect(enterpriseId, setConnected, (message) => handlers.forEach((handler) => handler(message)));
  }, [enterpriseId, handlers]);
  const value = useMemo(
    () => ({ connected: enterpriseId === null ? null : connected, handlers }),
    [enterpriseId, connected, handlers],
  );
  return <Connection.Provider value={value}>{children}</Connection.Provider>;
}

/** The enterprise in which there is something to watch; others would be turned away again and again. */
function useWatched(): string | null {
  const me = useMe();
  const enterpriseId = useEnterpriseId();
  return may(me, "calls.read") || me.agent_id ? enterpriseId : null;
}

function useConnection(): Live {
  const live = useContext(Connection);
  if (!live) {
    throw new Error("no live connection");
  }
  return live;
}

/** Whether the live connection stands; null where there is none to be had. */
export function useConnected(): boolean | null {
  return useConnection().connected;
}

/** Calls `onMessage` for each live message while the component is shown. */
export function useLive(onMessage: Handler): void {
  const { handlers } = useConnection();
  const current = useRef(onMessage);
  useEffect(() => {
    current.current = onMessage;
  }, [onMessage]);
  useEffect(() => {
    const handler: Handler = (message) => current.current(message);
    handlers.add(handler);
    return () => {
      handlers.delete(handler);
    };
  }, [handlers]);
}

/**
 * Fetches the queries that begin with `keys` again when a live message for which `when` holds (or a
 * `resync`) comes: at once, and at most once in `atMostEvery` ms.
 */
export function useLiveRefresh(
  keys: readonly string[],
  when: (message: LiveMessage) => boolean,
  atMostEvery = 800,
): void {
  const client = useQueryClient();
  const timer = useRef<number | null>(null);
  const fetchedAt = useRef(-Infinity);
  useEffect(
    () => () => {
      if (timer.current !== null) {
        window.clearTimeout(timer.current);
        timer.current = null;
      }
    },
    [],
  );
  useLive((message) => {
    if (message.type !== "resync" && !when(message)) {
      return;
    }
    timer.current ??= window.setTimeout(
      () => {
        timer.current = null;
        fetchedAt.current = performance.now();
        keys.forEach((key) => void client.invalidateQueries({ queryKey: [key] }));
      },
      Math.max(GATHER, fetchedAt.current + atMostEvery - performance.now()),
    );
  });
}

/**
 * Patches what was fetched under `key` by what a live message says. It counts as no newer than it
 * was: what the message does not tell is fetched again in its own time.
 */
export function useLivePatch<T>(key: string, patch: (data: T, message: LiveMessage) => T): void {
  const client = useQueryClient();
  useLive((message) => {
    const updatedAt = client.getQueryState([key])?.dataUpdatedAt;
    client.setQueryData<T>([key], (data) => data && patch(data, message), updatedAt ? { updatedAt } : {});
  });
}
