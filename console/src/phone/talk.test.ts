import { expect, test } from "vitest";

import type { OwnCall } from "./data";
import { nameOf, talkOf } from "./talk";

const COLLEAGUE = { kind: "consult", target: "1002", agent_id: "b", extension: "1002", name: "李雷", answered_at: null };
const CALL: OwnCall = {
  call_id: "c",
  state: "talking",
  since: "2026-11-22T00:00:00Z",
  queue_id: null,
  direction: "inbound",
  number: "13812345678",
  details: null,
  lines: [],
};
const ANSWERED = { ...COLLEAGUE, answered_at: "2026-11-22T00:01:00Z" };

test.each([
  ["offered", { ...CALL, state: "ringing" }],
  ["talking", CALL],
  ["held", { ...CALL, state: "on_hold" }],
  ["ringing_colleague", { ...CALL, state: "on_hold", lines: [COLLEAGUE] }],
  ["asking", { ...CALL, state: "on_hold", lines: [ANSWERED] }],
  ["three_way", { ...CALL, lines: [ANSWERED] }],
])("a call that is %s", (stage, call) => {
  expect(talkOf(call).stage).toBe(stage);
});

test("colleagues go by name, others by number", () => {
  expect(nameOf(COLLEAGUE)).toBe("李雷 (1002)");
  expect(nameOf({ ...COLLEAGUE, name: null, target: "02061234567" })).toBe("02061234567");
});
