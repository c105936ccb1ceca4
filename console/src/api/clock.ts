/** A difference below this is the header's own coarseness. */
const COARSE = 1_500;
let ahead = 0;

/** Takes note of the `Date` of an answer: people's computers are often minutes off. */
export function noteServerTime(date: string | null, now: number = Date.now()): void {
  const difference = Date.parse(date ?? "") - now;
  if (!Number.isNaN(difference)) {
    ahead = Math.abs(difference) < COARSE ? 0 : difference;
  }
}

/** By how many milliseconds the server's clock is ahead of this machine's. */
export function serverAhead(): number {
  return ahead;
}
