import { expect, test } from "vitest";

import { keyed } from "./keys";

test("new criteria get keys, old ones keep theirs", () => {
  const made = keyed([
    { key: "c1", name: "甲", weight: 1, points: 5, description: "" },
    { key: "", name: "乙", weight: 1, points: 5, description: "" },
    { key: "", name: "丙", weight: 1, points: 5, description: "" },
  ]);
  expect(made.map((one) => one.key)).toEqual(["c1", "c2", "c3"]);
});
