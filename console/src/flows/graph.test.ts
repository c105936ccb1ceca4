import { expect, test } from "vitest";

import { added, connected, disconnected, EMPTY, freeId, graphOf, moved, nodeById, pasted, removed, withSetting, type FlowNode, type Graph } from "./graph";

const GRAPH: Graph = {
  start: "menu-1",
  nodes: [
    { id: "menu-1", kind: "menu", keys: ["1"], exits: { "1": "end-1", timeout: "end-1" }, position: [0, 0] },
    { id: "end-1", kind: "hangup", exits: {}, position: [300, 0] },
  ],
};

test("an unfinished draft is read as far as it goes", () => {
  const graph = graphOf({ start: 3, nodes: [{ id: "a", kind: "play", exits: { next: 1, timeout: "b" } }, { kind: "play" }, "x"] });
  expect(graph).toEqual({ start: "", nodes: [{ id: "a", kind: "play", exits: { timeout: "b" } }] });
});

test("the first step is where calls begin", () => {
  const graph = added(EMPTY, { id: "play-1", kind: "play", exits: {} });
  expect(graph.start).toBe("play-1");
  expect(added(graph, { id: "play-2", kind: "play", exits: {} }).start).toBe("play-1");
  expect(freeId(new Set(["caller-list-1"]), "caller_list")).toBe("caller-list-2");
});

test("ways are drawn and taken away", () => {
  const graph = connected(GRAPH, "menu-1", "wrong", "menu-1");
  expect(nodeById(graph, "menu-1")?.exits).toEqual({ "1": "end-1", timeout: "end-1", wrong: "menu-1" });
  expect(disconnected(graph, "menu-1", "wrong")).toEqual(GRAPH);
  expect(nodeById(moved(GRAPH, new Map([["end-1", [1, 2]]])), "end-1")?.position).toEqual([1, 2]);
});

test("with a step go the ways to it", () => {
  const graph = removed(GRAPH, new Set(["end-1"]));
  expect(graph.nodes).toEqual([{ id: "menu-1", kind: "menu", keys: ["1"], exits: {}, position: [0, 0] }]);
  expect(removed(GRAPH, new Set(["menu-1"])).start).toBe("");
});

test("copies have the ways between them and no others", () => {
  const { graph, ids } = pasted(GRAPH, GRAPH.nodes);
  expect(ids).toEqual(["menu-2", "hangup-1"]);
  expect(nodeById(graph, "menu-2")?.exits).toEqual({ "1": "hangup-1", timeout: "hangup-1" });
  const alone = pasted(GRAPH, GRAPH.nodes.slice(0, 1));
  expect(nodeById(alone.graph, "menu-2")?.exits).toEqual({});
});

test("ways by an exit that is no more go with the setting", () => {
  const keysOf = (node: FlowNode): string[] => [...(Array.isArray(node["keys"]) ? node["keys"].map(String) : []), "timeout"];
  const [menu] = GRAPH.nodes;
  const changed = menu && withSetting(menu, "keys", ["2"], keysOf);
  expect(changed?.exits).toEqual({ timeout: "end-1" });
  expect(changed && "keys" in withSetting(changed, "keys", undefined, keysOf)).toBe(false);
});
