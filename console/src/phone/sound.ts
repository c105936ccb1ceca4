/** What a ring is made of: two tones in turn, then rest. In Hz and seconds. */
const TONES = [660, 550];
const TONE = 0.22;
const RING = 1.1;
const PERIOD = 3_000;
/** At full volume. */
const LOUDNESS = 0.3;

/** Chromium alone lets tones be led to a loudspeaker. */
interface Led {
  setSinkId?: (deviceId: string) => Promise<void>;
}

/** Rings until it is told to stop; made of tones, no file is fetched. */
export class Ringing {
  private context: AudioContext | null = null;
  private timer = 0;
  private speaker = "";
  private loudness = LOUDNESS;

  /** On which loudspeaker it rings, and how loud: 0 to 100. */
  use(speaker: string, volume: number): void {
    this.speaker = speaker;
    this.loudness = (LOUDNESS * volume) / 100;
    void this.lead();
  }

  private async lead(): Promise<void> {
    // One that was unplugged: the system's loudspeaker is better than none.
    await (this.context as Led | null)?.setSinkId?.(this.speaker).catch(() => undefined);
  }

  start(): void {
    if (this.timer !== 0) {
      return;
    }
    this.once();
    this.timer = window.setInterval(() => this.once(), PERIOD);
  }

  /** One ring, to try the loudspeaker. */
  once(): void {
    if (this.context === null) {
      this.context = new AudioContext();
      void this.lead();
    }
    const context = this.context;
    // A page that nobody has touched yet may not sound; it is tried again at the next ring.
    void context.resume();
    const begin = context.currentTime + 0.02;
    for (let at = 0, place = 0; at < RING; at += TONE, place += 1) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = TONES[place % TONES.length] ?? 0;
      loudness.gain.setValueAtTime(0, begin + at);
      loudness.gain.linearRampToValueAtTime(this.loudness, begin + at + 0.02);
      loudness.gain.linearRampToValueAtTime(0, begin + at + TONE);
      tone.connect(loudness).connect(context.destination);
      tone.start(begin + at);
      tone.stop(begin + at + TONE);
    }
  }

  stop(): void {
    window.clearInterval(this.timer);
    this.timer = 0;
    void this.context?.close();
    this.context = null;
  }
}

/** The other side's voice. */
export class Loudspeaker {
  private readonly audio = new Audio();

  play(stream: MediaStream): void {
    this.audio.srcObject = stream;
    this.audio.play().catch(() => {
      // A page that nobody has touched yet may not sound.
      document.addEventListener("pointerdown", () => void this.audio.play(), { once: true });
    });
  }

  stop(): void {
    this.audio.srcObject = null;
  }

  /** Chooses the loudspeaker where the browser lets us. */
  async use(deviceId: string): Promise<void> {
    if ("setSinkId" in this.audio) {
      await this.audio.setSinkId(deviceId);
    }
  }
}

const MICROPHONE = "phone.microphone";
const SPEAKER = "phone.speaker";
const RINGER = "phone.ringer";
const VOLUME = "phone.ring-volume";
const USUAL_VOLUME = 60;

export interface AudioChoice {
  readonly microphone: string;
  readonly speaker: string;
  /** On which loudspeaker it rings: not everybody wears the headset all day. */
  readonly ringer: string;
  /** Of the ring: 0 to 100. */
  readonly volume: number;
}

/** What was chosen in this browser; an empty device is the system's. */
export function keptChoice(): AudioChoice {
  const volume = Number(localStorage.getItem(VOLUME) ?? USUAL_VOLUME);
  return {
    microphone: localStorage.getItem(MICROPHONE) ?? "",
    speaker: localStorage.getItem(SPEAKER) ?? "",
    ringer: localStorage.getItem(RINGER) ?? "",
    volume: volume >= 0 && volume <= 100 ? volume : USUAL_VOLUME,
  };
}

export function keepChoice(choice: AudioChoice): void {
  localStorage.setItem(MICROPHONE, choice.microphone);
  localStorage.setItem(SPEAKER, choice.speaker);
  localStorage.setItem(RINGER, choice.ringer);
  localStorage.setItem(VOLUME, String(choice.volume));
}

/** What a call asks the browser for. A microphone that was unplugged is replaced by another. */
export function microphoneOf(choice: AudioChoice): MediaTrackConstraints {
  const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return choice.microphone ? { ...cleaned, deviceId: { ideal: choice.microphone } } : cleaned;
}

/** Whether this page may use a microphone; it asks the person where that is not decided. */
export async function microphoneAllowed(choice: AudioChoice): Promise<boolean> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: microphoneOf(choice) });
    stream.getTracks().forEach((track) => track.stop());
    return true;
  } catch {
    return false;
  }
}
