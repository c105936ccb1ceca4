import { expect, test } from "vitest";

import { queryOf, filtersOf } from "./filters";

test("filters survive the address", () => {
  const filters = {
    caller: "138*",
    destination: "*5678",
    outcome: "answered" as const,
    since: "2026-11-22T00:00:00.000Z",
  };
  expect(filtersOf(queryOf(filters))).toEqual(filters);
});

test("what is no filter is passed over", () => {
  const address = new URLSearchParams("caller=x&outcome=lost&since=yesterday&page=3");
  expect(filtersOf(address)).toEqual({});
});
