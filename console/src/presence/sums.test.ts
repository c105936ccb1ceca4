import { expect, test } from "vitest";

import { sumsOf } from "./sums";

test("days and reasons are summed by agent and state", () => {
  const item = { agent_id: "a", day: "2026-11-22", state: "break" as const, reason: "用餐", seconds: 60, times: 1 };
  const sums = sumsOf([item, { ...item, reason: "培训", seconds: 30 }, { ...item, agent_id: "b", state: "ready" }]);
  expect(sums.map((sum) => [sum.agentId, sum.seconds.break, sum.seconds.ready])).toEqual([
    ["a", 90, 0],
    ["b", 0, 60],
  ]);
});
