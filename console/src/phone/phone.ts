import type { UA } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { RTCSessionEvent, UnRegisteredEvent } from "jssip/lib/UA";

import type { components } from "../api/schema";
import { countedIn, qualityOf, type Counted, type Quality } from "./quality";
import { keepChoice, keptChoice, Loudspeaker, microphoneAllowed, microphoneOf, Ringing, type AudioChoice } from "./sound";
import { TabLock } from "./tabs";

type PhoneLogin = components["schemas"]["PhoneLogin"];

/**
 * `elsewhere`: another page or browser is this agent's phone. `insecure`: browsers give pages
 * without https no microphone. `failed`: it is tried again by itself.
 */
export type PhoneState =
  | "off"
  | "starting"
  | "ready"
  | "reconnecting"
  | "elsewhere"
  | "no_microphone"
  | "insecure"
  | "failed";

/** The call on this device. */
export interface DeviceCall {
  /** Which of Hotline's calls it belongs to. */
  readonly callId: string | null;
  readonly number: string;
  readonly phase: "ringing" | "connecting" | "talking";
  readonly muted: boolean;
}

export interface PhoneSnapshot {
  readonly state: PhoneState;
  readonly call: DeviceCall | null;
  readonly quality: Quality | null;
}

const OFF: PhoneSnapshot = { state: "off", call: null, quality: null };
const CALL_HEADER = "X-Hotline-Call";
const REGISTERED_FOR = 120;
const LOOK_EVERY = 2_000;
const TRY_AGAIN = 5_000;
/** Milliseconds: a caller must not wait for a slow network. */
const SHOWN_WITHIN = 800;
const DRAWN_WITHIN = 30;
const BUSY = 486;
/** The account's secret is another one: somebody else is this agent's phone now. */
const REFUSED = [401, 403, 404];

/** The phone in the browser: SIP over a WebSocket, sound by WebRTC. */
export class Phone {
  private snapshot = OFF;
  private readonly listeners = new Set<() => void>();
  private readonly lock: TabLock;
  private readonly ringing = new Ringing();
  private readonly loudspeaker = new Loudspeaker();
  private choice = keptChoice();
  private agent: UA | null = null;
  private session: RTCSession | null = null;
  private looking = 0;
  private retry = 0;
  /** Rises with every start and stop: what an older one still waits for counts no more. */
  private turn = 0;

  /**
   * `login` asks the server for a new account; `owner` is whose phone it is; `showCaller` shows who
   * calls, before it rings.
   */
  constructor(
    private readonly login: () => Promise<PhoneLogin>,
    private readonly showCaller: () => Promise<unknown>,
    owner: string,
  ) {
    this.ringing.use(this.choice.ringer, this.choice.volume);
    this.lock = new TabLock(`hotline-phone-${owner}`, {
      gained: () => void this.open(),
      elsewhere: () => {
        this.close();
        this.show({ state: "elsewhere", call: null, quality: null });
      },
    });
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  };

  readonly current = (): PhoneSnapshot => this.snapshot;

  /** Becomes the agent's phone, unless another page is. */
  start(): void {
    this.show({ ...OFF, state: "starting" });
    this.lock.hold(false);
  }

  /** Becomes the agent's phone; the page or browser that was it is no longer. */
  takeOver(): void {
    this.show({ ...OFF, state: "starting" });
    this.lock.hold(true);
  }

  /** Tries again after the microphone was allowed, or without waiting any longer. */
  again(): void {
    void this.open();
  }

  stop(): void {
    this.close();
    this.lock.letGo();
    this.show(OFF);
  }

  answer(): void {
    if (this.session && this.snapshot.call?.phase === "ringing") {
      this.ringing.stop();
      this.showCall({ phase: "connecting" });
      this.session.answer({ mediaConstraints: { audio: microphoneOf(this.choice), video: false } });
    }
  }

  /** Ends the call, or turns it down while it rings. */
  hangUp(): void {
    if (this.session && !this.session.isEnded()) {
      this.session.terminate(this.snapshot.call?.phase === "ringing" ? { status_code: BUSY } : {});
    }
  }

  mute(on: boolean): void {
    if (on) {
      this.session?.mute({ audio: true });
    } else {
      this.session?.unmute({ audio: true });
    }
    this.showCall({ muted: on });
  }

  get audio(): AudioChoice {
    return this.choice;
  }

  /** Changes microphone, loudspeaker and ring, also in a call. */
  async useAudio(choice: AudioChoice): Promise<void> {
    const changed = choice.microphone !== this.choice.microphone;
    this.choice = choice;
    keepChoice(choice);
    this.ringing.use(choice.ringer, choice.volume);
    await this.loudspeaker.use(choice.speaker);
    const sender = this.session?.connection?.getSenders().find((one) => one.track?.kind === "audio");
    if (changed && sender?.track) {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: microphoneOf(choice) });
      const [track] = stream.getAudioTracks();
      const before = sender.track;
      if (track) {
        track.enabled = before.enabled;
        await sender.replaceTrack(track);
        before.stop();
      }
    }
  }

  /** Rings once, so that one hears whether one would hear it. */
  tryRing(): void {
    this.ringing.once();
  }

  private show(snapshot: PhoneSnapshot): void {
    this.snapshot = snapshot;
    this.listeners.forEach((tell) => tell());
  }

  private showState(state: PhoneState): void {
    this.show({ ...this.snapshot, state });
  }

  private showCall(change: Partial<DeviceCall>): void {
    if (this.snapshot.call) {
      this.show({ ...this.snapshot, call: { ...this.snapshot.call, ...change } });
    }
  }

  private close(): void {
    this.turn += 1;
    window.clearTimeout(this.retry);
    this.forgetCall();
    const agent = this.agent;
    this.agent = null;
    agent?.stop();
  }

  private async open(): Promise<void> {
    this.close();
    const turn = this.turn;
    if (!("mediaDevices" in navigator)) {
      this.showState("insecure");
      return;
    }
    this.showState("starting");
    const allowed = await microphoneAllowed(this.choice);
    if (turn !== this.turn) {
      return;
    }
    if (!allowed) {
      this.showState("no_microphone");
      return;
    }
    try {
      const [{ UA: Agent, WebSocketInterface }, account] = await Promise.all([import("jssip"), this.login()]);
      if (turn === this.turn) {
        this.register(new Agent({ ...settingsOf(account), sockets: [new WebSocketInterface(addressOf(account))] }));
      }
    } catch {
      if (turn === this.turn) {
        this.showState("failed");
        this.openLater();
      }
    }
  }

  private openLater(): void {
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => void this.open(), TRY_AGAIN);
  }

  private register(agent: UA): void {
    this.agent = agent;
    // One that was given up still says goodbye; that is of no concern any more.
    const current = (): boolean => agent === this.agent;
    agent.on("registered", () => current() && this.showState("ready"));
    agent.on("disconnected", () => current() && this.showState("reconnecting"));
    agent.on("registrationFailed", (event) => current() && this.refused(event));
    agent.on("newRTCSession", (event: RTCSessionEvent) => current() && this.invited(event));
    void this.loudspeaker.use(this.choice.speaker).catch(() => undefined);
    agent.start();
  }

  private refused({ response }: UnRegisteredEvent): void {
    if (response && REFUSED.includes(response.status_code)) {
      this.close();
      this.show({ ...OFF, state: "elsewhere" });
    } else if (response) {
      this.showState("failed");
      this.openLater();
    }
  }

  private invited({ session, request }: RTCSessionEvent): void {
    if (this.session) {
      session.terminate({ status_code: BUSY });
    } else if (String(session.direction) === "incoming") {
      this.arrive(session, {
        callId: request.getHeader(CALL_HEADER) ?? null,
        number: request.from.uri.user ?? "",
        byItself: (request.getHeader("Call-Info") ?? "").includes("answer-after=0"),
      });
    }
  }

  private arrive(session: RTCSession, from: { callId: string | null; number: string; byItself: boolean }): void {
    this.session = session;
    const call: DeviceCall = { callId: from.callId, number: from.number, phase: "ringing", muted: false };
    this.show({ ...this.snapshot, call, quality: null });
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", ({ streams: [stream] }) => stream && this.loudspeaker.play(stream));
    });
    session.on("confirmed", () => {
      this.showCall({ phase: "talking" });
      this.watchQuality(session);
    });
    session.on("ended", () => this.forgetCall());
    session.on("failed", () => this.forgetCall());
    if (from.byItself) {
      this.answer();
    } else {
      void this.ringOnceShown(session);
    }
  }

  /** The device may be rung before the page was told who calls: sound waits for that. */
  private async ringOnceShown(session: RTCSession): Promise<void> {
    await Promise.race([this.showCaller().catch(() => undefined), pause(SHOWN_WITHIN)]);
    await pause(DRAWN_WITHIN);
    if (session === this.session && this.snapshot.call?.phase === "ringing") {
      this.ringing.start();
    }
  }

  private forgetCall(): void {
    window.clearInterval(this.looking);
    this.ringing.stop();
    this.loudspeaker.stop();
    this.session = null;
    this.show({ ...this.snapshot, call: null, quality: null });
  }

  private watchQuality(session: RTCSession): void {
    let before: Counted | null = null;
    this.looking = window.setInterval(() => {
      void session.connection?.getStats().then((report) => {
        const now = countedIn(report);
        if (session === this.session) {
          this.show({ ...this.snapshot, quality: qualityOf(before, now) });
        }
        before = now;
      });
    }, LOOK_EVERY);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((over) => window.setTimeout(over, ms));
}

function settingsOf(account: PhoneLogin): { uri: string; password: string; [name: string]: unknown } {
  return {
    uri: `sip:${account.account}@hotline`,
    password: account.secret,
    register_expires: REGISTERED_FOR,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 10,
  };
}

function addressOf(account: PhoneLogin): string {
  const address = new URL(account.socket, window.location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}
