import { expect, test } from "vitest";

import { changesOf, textOf } from "./changes";

test("what was changed is told from what to what", () => {
  expect(changesOf({ role: ["agent", "supervisor"], lines: [null, 5] })).toEqual([
    { field: "role", before: "agent", after: "supervisor" },
    { field: "lines", before: "", after: "5" },
  ]);
});

test("what is no pair is told as it is", () => {
  expect(changesOf({ rows: 3 })).toEqual([{ field: "rows", before: "", after: "3" }]);
  expect(textOf(["calls.read", "users.read"])).toBe("calls.read, users.read");
});
