import type { Mood } from "./Figure";

/** A wait is to be watched beyond the queue's target, and bad beyond thrice that. */
export function moodOfWait(seconds: number, target: number): Mood {
  if (seconds > target * 3) {
    return "bad";
  }
  return seconds > target ? "warn" : "plain";
}

/** A service level in per cent; 80 is what most centres want. */
export function moodOfLevel(level: number | null): Mood {
  if (level === null) {
    return "plain";
  }
  if (level >= 80) {
    return "good";
  }
  return level >= 60 ? "warn" : "bad";
}
