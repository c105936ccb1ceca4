import { problemOf } from "../api/problem";
import { peaksOf, raised } from "./peaks";

/** A recording ready to be heard. */
export interface Sound {
  /** For the browser's own player. */
  readonly url: string;
  /** How loud it is, lane by lane, each of BARS parts; null: too long to be looked at as a whole. */
  readonly lanes: readonly Float32Array[] | null;
}

export const BARS = 400;
/** Larger ones are fetched part by part while they play, without a picture. */
const LARGEST = 24 * 1024 * 1024;
/** That of telephones: enough to draw, and little to keep. */
const RATE = 8_000;

/**
 * Fetches a sound once, so that moving in it asks for nothing more. `tell` hears the share that is
 * there, 0 to 1. Throws the Problem with which the server refuses.
 */
export async function fetchSound(address: string, signal: AbortSignal, tell: (share: number) => void): Promise<Sound> {
  const response = await fetch(address, { signal });
  if (!response.ok) {
    throw await problemOf(response);
  }
  const size = Number(response.headers.get("Content-Length") ?? 0);
  if (size > LARGEST || !response.body) {
    await response.body?.cancel();
    return { url: address, lanes: null };
  }
  const bytes = new Blob(await piecesOf(response.body, size, tell), {
    type: response.headers.get("Content-Type") ?? "audio/mpeg",
  });
  return { url: URL.createObjectURL(bytes), lanes: await lanesOf(await bytes.arrayBuffer()) };
}

/** What `fetchSound` keeps in memory is let go. */
export function forgetSound(sound: Sound): void {
  if (sound.url.startsWith("blob:")) {
    URL.revokeObjectURL(sound.url);
  }
}

async function piecesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  size: number,
  tell: (share: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = body.getReader();
  let there = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return pieces;
    }
    pieces.push(value);
    there += value.length;
    tell(size > 0 ? Math.min(1, there / size) : 0);
  }
}

async function lanesOf(bytes: ArrayBuffer): Promise<Float32Array[] | null> {
  try {
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
    return raised(
      Array.from({ length: Math.min(2, sound.numberOfChannels) }, (_, lane) =>
        peaksOf(sound.getChannelData(lane), BARS),
      ),
    );
  } catch {
    // A sound that cannot be drawn may still be heard.
    return null;
  }
}
