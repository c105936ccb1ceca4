/** The loudest of each of `bars` equal parts of `samples`, 0 to 1. */
export function peaksOf(samples: Float32Array, bars: number): Float32Array {
  const peaks = new Float32Array(bars);
  if (samples.length === 0) {
    return peaks;
  }
  const width = samples.length / bars;
  for (let bar = 0; bar < bars; bar += 1) {
    const end = Math.min(samples.length, Math.max(Math.floor((bar + 1) * width), Math.floor(bar * width) + 1));
    let loudest = 0;
    for (let at = Math.floor(bar * width); at < end; at += 1) {
      loudest = Math.max(loudest, Math.abs(samples[at] ?? 0));
    }
    peaks[bar] = Math.min(1, loudest);
  }
  return peaks;
}

/** Peaks as high as they can be drawn: quiet lines would be flat otherwise. All lanes alike. */
export function raised(lanes: readonly Float32Array[]): Float32Array[] {
  const loudest = Math.max(QUIETEST, ...lanes.map((lane) => lane.reduce((one, other) => Math.max(one, other), 0)));
  return lanes.map((lane) => lane.map((peak) => peak / loudest));
}

/** Below it there is but noise on the line, which must not look like speech. */
const QUIETEST = 0.05;
