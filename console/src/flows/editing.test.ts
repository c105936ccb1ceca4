import { expect, test } from "vitest";

import { differences } from "./compare";
import type { NodeType } from "./data";
import { exitsBy } from "./exits";
import { linesOf, weeklyOf } from "./fields/weekly";
import type { FlowNode, Graph } from "./graph";
import { begun, done, redone, undone } from "./history";
import { placed } from "./layout";
import { settingsOf } from "./settings";

const MENU: NodeType = {
  kind: "menu",
  description: "",
  available: true,
  exits: { required: ["timeout", "wrong"], optional: [] },
  settings: {
    required: ["id", "keys"],
    properties: {
      id: { type: "string" },
      keys: { type: "array" },
      tries: { type: "integer", minimum: 1, maximum: 10, default: 3 },
      notice: { anyOf: [{ $ref: "#/$defs/SystemSound" }, { type: "null" }], default: null },
    },
    $defs: { SystemSound: { enum: ["closed"], type: "string" } },
  },
};
const END: NodeType = { kind: "hangup", description: "", available: true, exits: { required: [], optional: [] }, settings: {} };
const exitsOf = exitsBy([MENU, END]);
const menu: FlowNode = { id: "menu", kind: "menu", keys: ["1", "2"], extension_digits: 4, exits: { "1": "a", "2": "b", odd: "a" } };
const GRAPH: Graph = { start: "menu", nodes: [{ id: "b", kind: "hangup", exits: {} }, menu, { id: "a", kind: "hangup", exits: {} }, { id: "lost", kind: "hangup", exits: {} }] };

test("exits are those of the kind, of the settings, and any that were drawn", () => {
  expect(exitsOf(menu)).toEqual({ required: ["1", "2", "extension", "wrong", "timeout"], optional: ["odd"] });
});

test("steps stand in columns from the start", () => {
  const places = new Map(placed(GRAPH, exitsOf, true).nodes.map((node) => [node.id, node.position]));
  expect(places.get("menu")).toEqual([0, 0]);
  const [a, b, lost] = [places.get("a"), places.get("b"), places.get("lost")];
  expect(a?.[0]).toBe(b?.[0]);
  expect(a?.[1]).toBeLessThan(b?.[1] ?? 0);
  expect(lost?.[0]).toBeGreaterThan(a?.[0] ?? 0);
  const kept = { ...GRAPH, nodes: GRAPH.nodes.map((node) => ({ ...node, position: [7, 7] as const })) };
  expect(placed(kept, exitsOf, false)).toBe(kept);
});

test("what is changed is undone step by step, typing as one", () => {
  let history = done(begun(1), 2, false);
  history = done(done(history, 3, false), 4, true);
  expect(history.past).toEqual([1, 2]);
  expect(undone(undone(history)).present).toBe(1);
  expect(redone(undone(history)).present).toBe(4);
  expect(done(undone(history), 9, false).future).toEqual([]);
});

test("settings are read from the schema", () => {
  expect(settingsOf(MENU).map((one) => [one.name, one.control, one.required])).toEqual([
    ["keys", { is: "keys" }, true],
    ["tries", { is: "number", whole: true, min: 1, max: 10 }, false],
    ["notice", { is: "choice", options: ["closed"] }, false],
  ]);
});

test("a default and a place are no difference", () => {
  const before: Graph = { ...GRAPH, nodes: GRAPH.nodes.filter((node) => node.id !== "lost") };
  const after: Graph = {
    start: "menu",
    nodes: [{ ...menu, tries: 3, keys: ["1"], position: [5, 5] }, { id: "b", kind: "hangup", exits: {} }, { id: "c", kind: "hangup", exits: {} }],
  };
  const found = differences(before, after, () => ({ tries: 3 }));
  expect(found.map((one) => [one.node.id, one.change, one.settings])).toEqual([
    ["menu", "changed", ["keys"]],
    ["c", "added", []],
    ["a", "removed", []],
  ]);
});

test("days that share their hours are one line", () => {
  const weekly = { "1": [["09:00", "12:00"], ["13:00", "18:00"]], "2": [["09:00", "12:00"]] };
  const lines = linesOf(weekly);
  expect(lines[0]).toEqual({ days: ["1", "2"], from: "09:00", to: "12:00" });
  expect(weeklyOf(lines)).toEqual(weekly);
});
