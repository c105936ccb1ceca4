/** What a ring is made of: two tones in turn, then rest. In Hz and seconds. */
const TONES = [660, 550];
const TONE = 0.22;
const RING = 1.1;
const PERIOD = 3_000;
const LOUDNESS = 0.18;

/** Rings until it is told to stop; made of tones, no file is fetched. */
export class Ringing {
  private context: AudioContext | null = null;
  private timer = 0;

  start(): void {
    if (this.timer !== 0) {
      return;
    }
    this.once();
    this.timer = window.setInterval(() => this.once(), PERIOD);
  }

  /** One ring, to try the loudspeaker. */
  once(): void {
    this.context ??= new AudioContext();
    const context = this.context;
    // A page that nobody has touched yet may not sound; it is tried again at the next ring.
    void context.resume();
    const begin = context.currentTime + 0.02;
    for (let at = 0, place = 0; at < RING; at += TONE, place += 1) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = TONES[place % TONES.length] ?? 0;
      loudness.gain.setValueAtTime(0, begin + at);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, begin + at + 0.02);
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

export interface AudioChoice {
  readonly microphone: string;
  readonly speaker: string;
}

/** Which microphone and loudspeaker were chosen in this browser; empty: the system's. */
export function keptChoice(): AudioChoice {
  return {
    microphone: localStorage.getItem(MICROPHONE) ?? "",
    speaker: localStorage.getItem(SPEAKER) ?? "",
  };
}

export function keepChoice(choice: AudioChoice): void {
  localStorage.setItem(MICROPHONE, choice.microphone);
  localStorage.setItem(SPEAKER, choice.speaker);
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
