/** A flow's graph as the editor changes it. Whether it makes sense is for the server to say. */

/** One step. Settings of its kind stand beside these. */
export interface FlowNode {
  readonly id: string;
  readonly kind: string;
  readonly title?: string;
  readonly exits: Readonly<Record<string, string>>;
  readonly position?: readonly [number, number];
  readonly [setting: string]: unknown;
}

export interface Graph {
  readonly start: string;
  readonly nodes: readonly FlowNode[];
}

export const EMPTY: Graph = { start: "", nodes: [] };

/** A draft as the server keeps it: it may be unfinished, so what is no node is left out. */
export function graphOf(draft: Readonly<Record<string, unknown>>): Graph {
  const nodes = Array.isArray(draft["nodes"]) ? draft["nodes"].flatMap(nodeOf) : [];
  return { start: typeof draft["start"] === "string" ? draft["start"] : "", nodes };
}

function nodeOf(value: unknown): FlowNode[] {
  if (!isRecord(value) || typeof value["id"] !== "string" || typeof value["kind"] !== "string") {
    return [];
  }
  const exits = isRecord(value["exits"])
    ? Object.fromEntries(Object.entries(value["exits"]).filter((pair): pair is [string, string] => typeof pair[1] === "string"))
    : {};
  const { position, ...rest } = value;
  const place = isPlace(position) ? { position } : {};
  return [{ ...rest, ...place, id: value["id"], kind: value["kind"], exits }];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlace(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number");
}

/** As the API takes it. */
export function draftOf(graph: Graph): Record<string, unknown> {
  return { start: graph.start, nodes: graph.nodes };
}

export function nodeById(graph: Graph, id: string): FlowNode | undefined {
  return graph.nodes.find((node) => node.id === id);
}

/** `menu-3`: the first such name that is free. */
export function freeId(taken: ReadonlySet<string>, kind: string): string {
  for (let place = 1; ; place += 1) {
    const id = `${kind.replace(/_/g, "-")}-${place}`;
    if (!taken.has(id)) {
      return id;
    }
  }
}

export function idsOf(graph: Graph): Set<string> {
  return new Set(graph.nodes.map((node) => node.id));
}

/** With one node more; the first one is where calls begin. */
export function added(graph: Graph, node: FlowNode): Graph {
  return { start: graph.start || node.id, nodes: [...graph.nodes, node] };
}

export function changed(graph: Graph, id: string, change: (node: FlowNode) => FlowNode): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? change(node) : node)) };
}

export function moved(graph: Graph, places: ReadonlyMap<string, readonly [number, number]>): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const position = places.get(node.id);
      return position ? { ...node, position } : node;
    }),
  };
}

export function connected(graph: Graph, source: string, exit: string, target: string): Graph {
  return changed(graph, source, (node) => ({ ...node, exits: { ...node.exits, [exit]: target } }));
}

export function disconnected(graph: Graph, source: string, exit: string): Graph {
  return changed(graph, source, (node) => ({ ...node, exits: without(node.exits, [exit]) }));
}

/** Without these nodes and every way that led to them. */
export function removed(graph: Graph, ids: ReadonlySet<string>): Graph {
  const nodes = graph.nodes
    .filter((node) => !ids.has(node.id))
    .map((node) => {
      const dead = Object.keys(node.exits).filter((exit) => ids.has(node.exits[exit] ?? ""));
      return dead.length > 0 ? { ...node, exits: without(node.exits, dead) } : node;
    });
  return { start: ids.has(graph.start) ? "" : graph.start, nodes };
}

function without(exits: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(exits).filter(([exit]) => !names.includes(exit)));
}

/**
 * With a setting changed; `undefined` takes it away. Ways by exits that are no more go with them.
 * `ownExits` are those that a node has whatever ways were drawn.
 */
export function withSetting(
  node: FlowNode,
  name: string,
  value: unknown,
  ownExits: (node: FlowNode) => readonly string[],
): FlowNode {
  const before = new Set(ownExits(node));
  const others = Object.fromEntries(Object.entries(node).filter(([one]) => one !== name));
  const after = (value === undefined ? others : { ...others, [name]: value }) as FlowNode;
  const still = new Set(ownExits(after));
  const gone = [...before].filter((exit) => !still.has(exit));
  return { ...after, exits: without(after.exits, gone) };
}

const SHIFT = 48;

/** The nodes with new ids and the ways between them, a little aside; and their new ids. */
export function pasted(graph: Graph, nodes: readonly FlowNode[]): { graph: Graph; ids: string[] } {
  const taken = idsOf(graph);
  const names = new Map<string, string>();
  for (const node of nodes) {
    const id = freeId(taken, node.kind);
    taken.add(id);
    names.set(node.id, id);
  }
  const copies = nodes.map((node): FlowNode => {
    const [x, y] = node.position ?? [0, 0];
    const exits = Object.entries(node.exits).flatMap(([exit, target]) => {
      const name = names.get(target);
      return name === undefined ? [] : [[exit, name] as const];
    });
    return { ...node, id: names.get(node.id) ?? node.id, position: [x + SHIFT, y + SHIFT], exits: Object.fromEntries(exits) };
  });
  const start = graph.start || (copies[0]?.id ?? "");
  return { graph: { start, nodes: [...graph.nodes, ...copies] }, ids: copies.map((node) => node.id) };
}
