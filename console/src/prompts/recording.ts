import { asWav } from "./wav";

/** A recording that goes on. */
export interface Recording {
  /** How loud it is now, between 0 and 1. */
  level: () => number;
  /** Ends it; what was recorded. */
  stop: () => Promise<File>;
  /** Ends it without keeping anything. */
  cancel: () => void;
}

/** Records from the microphone; rejects where it may not be used. */
export async function startRecording(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const meter = meterOf(stream);
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start();
  const end = async (): Promise<void> => {
    recorder.stop();
    await stopped;
    stream.getTracks().forEach((track) => track.stop());
    await meter.close();
  };
  return {
    level: meter.level,
    stop: async () => {
      await end();
      return asWav(new Blob(parts, { type: recorder.mimeType }));
    },
    cancel: () => void end(),
  };
}

const FULL = 0.3;

function meterOf(stream: MediaStream): { level: () => number; close: () => Promise<void> } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.min(1, Math.sqrt(power) / FULL);
    },
    close: () => context.close(),
  };
}
