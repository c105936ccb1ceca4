import { expect, test } from "vitest";

import { wavOf } from "./wav";

test("samples become a file that says what it holds", () => {
  const view = new DataView(wavOf(new Float32Array([0, 1, -1, 2]), 16_000));
  const text = (at: number, length: number): string =>
    Array.from({ length }, (_, place) => String.fromCharCode(view.getUint8(at + place))).join("");
  expect(text(0, 4)).toBe("RIFF");
  expect(text(8, 8)).toBe("WAVEfmt ");
  expect(view.getUint32(4, true)).toBe(36 + 8);
  expect(view.getUint32(24, true)).toBe(16_000);
  expect(view.getUint32(40, true)).toBe(8);
  expect([44, 46, 48, 50].map((at) => view.getInt16(at, true))).toEqual([0, 32767, -32767, 32767]);
});
