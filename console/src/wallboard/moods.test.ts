import { expect, test } from "vitest";

import { moodOfLevel, moodOfWait } from "./moods";

test("waits and service levels are shown as they are meant", () => {
  expect([10, 21, 61].map((seconds) => moodOfWait(seconds, 20))).toEqual(["plain", "warn", "bad"]);
  expect([null, 80, 79.9, 59].map(moodOfLevel)).toEqual(["plain", "good", "warn", "bad"]);
});
