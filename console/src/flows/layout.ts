/** Places for nodes: a column for each step from the start, those of one node's exits in their order. */
import { namesOf, type ExitsOf } from "./exits";
import type { Graph, FlowNode } from "./graph";

export const NODE_WIDTH = 208;
const COLUMN = NODE_WIDTH + 96;
const HEAD = 58;
const ROW = 24;
const GAP = 36;

function heightOf(node: FlowNode, exitsOf: ExitsOf): number {
  return HEAD + ROW * namesOf(exitsOf(node)).length;
}

export function laidOut(graph: Graph, exitsOf: ExitsOf): Map<string, readonly [number, number]> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const columns = columnsOf(graph, byId, exitsOf);
  const places = new Map<string, readonly [number, number]>();
  columns.forEach((nodes, column) => {
    let free = 0;
    for (const node of nodes) {
      const y = Math.max(free, wished(node, graph, places));
      places.set(node.id, [column * COLUMN, y]);
      free = y + heightOf(node, exitsOf) + GAP;
    }
  });
  return places;
}

/** Beside the node that leads to it, as far as that is placed. */
function wished(node: FlowNode, graph: Graph, places: ReadonlyMap<string, readonly [number, number]>): number {
  const above = graph.nodes
    .filter((one) => Object.values(one.exits).includes(node.id))
    .flatMap((one) => places.get(one.id)?.[1] ?? []);
  return above.length > 0 ? Math.min(...above) : 0;
}

/** Each node after all that lead to it, ways back left out; what no way leads to comes last. */
function columnsOf(graph: Graph, byId: ReadonlyMap<string, FlowNode>, exitsOf: ExitsOf): FlowNode[][] {
  const order = forwards(graph.start, byId, exitsOf);
  const depth = new Map<string, number>(order.map((node) => [node.id, 0]));
  const place = new Map(order.map((node, at) => [node.id, at]));
  for (const node of order) {
    for (const target of targetsOf(node, exitsOf)) {
      if ((place.get(target) ?? -1) > (place.get(node.id) ?? 0)) {
        depth.set(target, Math.max(depth.get(target) ?? 0, (depth.get(node.id) ?? 0) + 1));
      }
    }
  }
  const columns: FlowNode[][] = [];
  for (const node of order) {
    (columns[depth.get(node.id) ?? 0] ??= []).push(node);
  }
  const lost = graph.nodes.filter((node) => !depth.has(node.id));
  return lost.length > 0 ? [...columns, lost] : columns;
}

function targetsOf(node: FlowNode, exitsOf: ExitsOf): string[] {
  return [...new Set(namesOf(exitsOf(node)).flatMap((exit) => node.exits[exit] ?? []))];
}

/** What can be reached, each before what it leads to, as far as ways do not lead back. */
function forwards(start: string, byId: ReadonlyMap<string, FlowNode>, exitsOf: ExitsOf): FlowNode[] {
  const found: FlowNode[] = [];
  const seen = new Set<string>();
  const ahead: { node: FlowNode; left: string[] }[] = [];
  const enter = (id: string): void => {
    const node = byId.get(id);
    if (node && !seen.has(id)) {
      seen.add(id);
      // The last exit first: turned round, the first exit's nodes come first.
      ahead.push({ node, left: targetsOf(node, exitsOf) });
    }
  };
  enter(start);
  for (let top = ahead.at(-1); top; top = ahead.at(-1)) {
    const next = top.left.pop();
    if (next === undefined) {
      found.push(top.node);
      ahead.pop();
    } else {
      enter(next);
    }
  }
  return found.reverse();
}

/** The graph with a place for each node; those that have one keep it unless `all`. */
export function placed(graph: Graph, exitsOf: ExitsOf, all: boolean): Graph {
  if (!all && graph.nodes.every((node) => node.position)) {
    return graph;
  }
  const wholly = all || graph.nodes.every((node) => !node.position);
  const places = laidOut(graph, exitsOf);
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      wholly || !node.position ? { ...node, position: places.get(node.id) ?? [0, 0] } : node,
    ),
  };
}
