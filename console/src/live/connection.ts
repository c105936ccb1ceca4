/** Something that happened, as the server pushes it; `resync` says that what is shown may be old. */
export interface LiveMessage {
  type: string;
  call_id?: string;
  [field: string]: unknown;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** The server says something every 30 s at least: after so long without a word the way is broken. */
const SILENCE = 75_000;

/** A connection that comes back by itself; call what it returns to end it. */
export function connect(
  enterpriseId: string,
  changed: (connected: boolean) => void,
  receive: (message: LiveMessage) => void,
): () => void {
  let socket: WebSocket | null = null;
  let retry = 0;
  let silence = 0;
  let pause = FIRST_PAUSE;
  let wasLost = false;
  const open = (): void => {
    const mine = new WebSocket(addressFor(enterpriseId));
    socket = mine;
    mine.onopen = () => {
      pause = FIRST_PAUSE;
      changed(true);
      listen();
      if (wasLost) {
        receive({ type: "resync" });
      }
    };
    mine.onmessage = (event: MessageEvent<string>) => {
      listen();
      receive(JSON.parse(event.data) as LiveMessage);
    };
    mine.onclose = () => mine === socket && lose();
  };
  const listen = (): void => {
    window.clearTimeout(silence);
    silence = window.setTimeout(lose, SILENCE);
  };
  /** A broken way may take minutes to be called closed: this one is given up at once. */
  const drop = (): void => {
    const lost = socket;
    socket = null;
    lost?.close();
    window.clearTimeout(silence);
    window.clearTimeout(retry);
  };
  const lose = (): void => {
    drop();
    changed(false);
    wasLost = true;
    retry = window.setTimeout(open, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };
  /** The network is back: nobody need wait. */
  const hurry = (): void => {
    drop();
    wasLost = true;
    open();
  };
  window.addEventListener("offline", lose);
  window.addEventListener("online", hurry);
  open();
  return () => {
    window.removeEventListener("offline", lose);
    window.removeEventListener("online", hurry);
    drop();
    changed(false);
  };
}

function addressFor(enterpriseId: string): URL {
  const address = new URL("/api/v1/live", window.location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.searchParams.set("enterprise_id", enterpriseId);
  return address;
}
