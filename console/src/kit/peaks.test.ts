import { expect, test } from "vitest";

import { peaksOf, raised } from "./peaks";

test("each bar is as high as the loudest of its samples", () => {
  expect([...peaksOf(Float32Array.of(0, 0.5, -1, 0.25), 2)]).toEqual([0.5, 1]);
});

test("a sound shorter than its bars fills them all", () => {
  expect([...peaksOf(Float32Array.of(0.5, 1), 4)]).toEqual([0.5, 0.5, 1, 1]);
  expect([...peaksOf(new Float32Array(), 2)]).toEqual([0, 0]);
});

test("lanes are raised together, and silence stays flat", () => {
  const [left, right] = raised([Float32Array.of(0.5), Float32Array.of(0.25)]);
  expect([left?.[0], right?.[0]]).toEqual([1, 0.5]);
  expect(raised([Float32Array.of(0)])[0]?.[0]).toBe(0);
});
