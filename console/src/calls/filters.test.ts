import { expect, test } from "vitest";

import { queryOf, filtersOf } from "./filters";

test("filters survive the address", () => {
  const filters = {
    caller: "138*",
    destination: "*5678",
    outcome: "answered" as const,
    direction: "inbound" as const,
    agent_id: "01890a5d-ac96-774b-bcce-b302099a8057",
    province: "江苏",
    city: "连云港",
    of_no_enterprise: "true" as const,
    since: "2026-11-22T00:00:00.000Z",
  };
  expect(filtersOf(queryOf(filters))).toEqual(filters);
});

test("what is no filter is passed over", () => {
  const address = new URLSearchParams("caller=x&outcome=lost&direction=up&agent_id=1&of_no_enterprise=no&since=yesterday&page=3");
  expect(filtersOf(address)).toEqual({});
});
