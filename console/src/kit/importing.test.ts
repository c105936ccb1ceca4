import { expect, test } from "vitest";

import { importInParts, linesOf, textOf } from "./importing";

test("a list that a Chinese spreadsheet saved is read", async () => {
  const gbk = new Uint8Array([0xba, 0xc5, 0xc2, 0xeb, 0x0d, 0x0a, 0x31, 0x33, 0x38]);
  expect(await textOf(new Blob([gbk]))).toBe("号码\r\n138");
  expect(await textOf(new Blob(["号码\n138"]))).toBe("号码\n138");
});

test("empty lines inside keep their place, those at the end go", () => {
  expect(linesOf("1\r\n\n2\n\n")).toEqual(["1", "", "2"]);
  expect(linesOf("")).toEqual([]);
});

test("lines are counted over all parts", async () => {
  const done: number[] = [];
  const result = await importInParts(
    ["a", "b", "bad", "d", "bad"],
    2,
    (text) => {
      const lines = text.split("\n");
      const errors = lines.flatMap((line, at) => (line === "bad" ? [{ line: at + 1, text: line, message: "no" }] : []));
      return Promise.resolve({ added: lines.length - errors.length, known: 1, errors });
    },
    (count) => done.push(count),
  );
  expect(result).toMatchObject({ added: 3, known: 3 });
  expect(result.errors.map((error) => error.line)).toEqual([3, 5]);
  expect(done).toEqual([2, 4, 5]);
});
