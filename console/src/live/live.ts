import { useEffect, useRef, useState } from "react";

export interface LiveMessage {
  type: string;
  call_id?: string;
  [field: string]: unknown;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/**
 * What happens, as it happens. `onMessage` gets each message; `resync` among them says that what is
 * shown may be old. Returns whether the connection stands.
 */
export function useLive(enterpriseId: string | null, onMessage: (message: LiveMessage) => void): boolean {
  const [connected, setConnected] = useState(false);
  const handler = useRef(onMessage);
  useEffect(() => {
    handler.current = onMessage;
  }, [onMessage]);
  useEffect(() => {
    let socket: WebSocket | null = null;
    let timer = 0;
    let pause = FIRST_PAUSE;
    let over = false;
    const connect = (): void => {
      const address = new URL("/api/v1/live", window.location.href);
      address.protocol = address.protocol.replace("http", "ws");
      if (enterpriseId) {
        address.searchParams.set("enterprise_id", enterpriseId);
      }
      socket = new WebSocket(address);
      socket.onopen = () => {
        pause = FIRST_PAUSE;
        setConnected(true);
      };
      socket.onmessage = (event: MessageEvent<string>) => {
        handler.current(JSON.parse(event.data) as LiveMessage);
      };
      socket.onclose = () => {
        setConnected(false);
        if (!over) {
          timer = window.setTimeout(connect, pause);
          pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
      };
    };
    connect();
    return () => {
      over = true;
      window.clearTimeout(timer);
      socket?.close();
    };
  }, [enterpriseId]);
  return connected;
}
