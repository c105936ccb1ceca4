import { expect, test } from "vitest";

import { csvOf, wholeOf } from "./exporting";

test("cells are quoted where they must be and run nowhere", () => {
  const rows = [
    ["号码", "备注"],
    ["13812345678", '他说"再见", 就挂了'],
    ["=1+1", " ＠sum"],
  ];
  expect(csvOf(rows)).toBe(
    "\uFEFF号码,备注\r\n13812345678,\"他说\"\"再见\"\", 就挂了\"\r\n'=1+1,' ＠sum\r\n",
  );
});

test.each([
  ["2026-03-01T04:05:06Z", /^2026-03-01 \d\d:05:06$/],
  ["13812345678", /^13812345678$/],
])("%s is written whole", (value, written) => {
  expect(wholeOf(value)).toMatch(written);
});

test.each([["甲公司"], ["12"], [null], [3], [["13812345678"]]])("%s is written as it is shown", (value) => {
  expect(wholeOf(value)).toBeNull();
});
