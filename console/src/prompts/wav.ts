const HEADER = 44;
const BITS = 16;

/** One channel of samples between -1 and 1 as a 16 bit WAV file. */
export function wavOf(samples: Float32Array, rate: number): ArrayBuffer {
  const bytes = samples.length * 2;
  const file = new ArrayBuffer(HEADER + bytes);
  const view = new DataView(file);
  const word = (at: number, text: string): void => {
    [...text].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  };
  word(0, "RIFF");
  view.setUint32(4, HEADER - 8 + bytes, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, BITS, true);
  word(36, "data");
  view.setUint32(40, bytes, true);
  samples.forEach((sample, place) => {
    view.setInt16(HEADER + place * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true);
  });
  return file;
}

const RATE = 16_000;

/** What a browser recorded, in whatever format it likes, as a WAV file that every server reads. */
export async function asWav(recorded: Blob): Promise<File> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    const mixer = new OfflineAudioContext(1, Math.max(1, Math.ceil(sound.duration * RATE)), RATE);
    const source = mixer.createBufferSource();
    source.buffer = sound;
    source.connect(mixer.destination);
    source.start();
    const mixed = await mixer.startRendering();
    return new File([wavOf(mixed.getChannelData(0), RATE)], "recording.wav", { type: "audio/wav" });
  } finally {
    await context.close();
  }
}
