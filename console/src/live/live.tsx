import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { useEnterpriseId } from "../app/acting";

/** Something that happened, as the server pushes it; `resync` says that what is shown may be old. */
export interface LiveMessage {
  type: string;
  call_id?: string;
  [field: string]: unknown;
}

type Handler = (message: LiveMessage) => void;

interface Live {
  readonly connected: boolean;
  readonly handlers: Set<Handler>;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** What happens together is told in several messages; they are waited for, in ms. */
const GATHER = 80;
const Connection = createContext<Live | null>(null);

/** One connection for all pages; it comes back by itself. */
export function LiveProvider({ children }: { children: ReactNode }): ReactNode {
  const enterpriseId = useEnterpriseId();
  const [handlers] = useState(() => new Set<Handler>());
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (enterpriseId === null) {
      return undefined;
    }
    return connect(enterpriseId, setConnected, (message) => handlers.forEach((handler) => handler(message)));
  }, [enterpriseId, handlers]);
  const value = useMemo(() => ({ connected, handlers }), [connected, handlers]);
  return <Connection.Provider value={value}>{children}</Connection.Provider>;
}

function connect(enterpriseId: string, changed: (connected: boolean) => void, receive: Handler): () => void {
  let socket: WebSocket | null = null;
  let timer = 0;
  let pause = FIRST_PAUSE;
  let over = false;
  let lost = false;
  const open = (): void => {
    const address = new URL("/api/v1/live", window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("enterprise_id", enterpriseId);
    socket = new WebSocket(address);
    socket.onopen = () => {
      pause = FIRST_PAUSE;
      changed(true);
      if (lost) {
        receive({ type: "resync" });
      }
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      receive(JSON.parse(event.data) as LiveMessage);
    };
    socket.onclose = () => {
      if (!over) {
        changed(false);
        lost = true;
        timer = window.setTimeout(open, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    };
  };
  open();
  return () => {
    over = true;
    changed(false);
    window.clearTimeout(timer);
    socket?.close();
  };
}

function useConnection(): Live {
  const live = useContext(Connection);
  if (!live) {
    throw new Error("no live connection");
  }
  return live;
}

/** Whether the live connection stands. */
export function useConnected(): boolean {
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
