import { expect, test } from "vitest";

import { hourInChina, ticksFor } from "./figures";

test("the day is that of China", () => {
  expect(hourInChina("2026-11-22T16:30:00Z")).toBe(0);
  expect(hourInChina("2026-11-22T15:30:00+08:00")).toBe(15);
});

test.each([
  [0, [0, 1]],
  [3, [0, 1, 2, 3]],
  [9, [0, 5, 10]],
  [100, [0, 50, 100]],
  [101, [0, 50, 100, 150]],
])("up to %d there are lines at %j", (most, ticks) => {
  expect(ticksFor(most)).toEqual(ticks);
});
