import { expect, test } from "vitest";

import { withTold } from "./told";

const fang = { agent_id: "a", name: "王芳", state: "ready", reason: "", since: "2026-11-22T01:00:00Z" };
const lei = { ...fang, agent_id: "b", name: "李雷" };
const said = { type: "agent_state", agent_id: "a", state: "break", reason: "用餐", at: "2026-11-22T02:00:00+00:00" };

test("one agent's state is patched, the others stay", () => {
  const after = withTold([fang, lei], said);
  expect(after[0]).toEqual({ ...fang, state: "break", reason: "用餐", since: said.at });
  expect(after[1]).toBe(lei);
});

test("what is older, of somebody unknown or about something else changes nothing", () => {
  const all = [fang, lei];
  expect(withTold(all, { ...said, at: "2026-11-22T00:30:00Z" })).toBe(all);
  expect(withTold(all, { ...said, agent_id: "c" })).toBe(all);
  expect(withTold(all, { ...said, type: "queue_entry" })).toBe(all);
});
