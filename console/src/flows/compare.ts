/** What differs between two graphs, as people see it: places on the canvas do not count. */
import type { FlowNode, Graph } from "./graph";

export interface Difference {
  readonly node: FlowNode;
  readonly change: "added" | "removed" | "changed" | "start";
  /** Which settings, where it was changed. */
  readonly settings: readonly string[];
}

/** The settings of a kind that are the same as absent. */
export type Defaults = (kind: string) => Readonly<Record<string, unknown>>;

/** From `before` to `after`. */
export function differences(before: Graph, after: Graph, defaults: Defaults): Difference[] {
  const earlier = new Map(before.nodes.map((node) => [node.id, node]));
  const later = new Set(after.nodes.map((node) => node.id));
  const found = after.nodes.flatMap((node): Difference[] => {
    const old = earlier.get(node.id);
    if (!old) {
      return [{ node, change: "added", settings: [] }];
    }
    const settings = settingsThatDiffer(old, node, defaults);
    return settings.length > 0 ? [{ node, change: "changed", settings }] : [];
  });
  const gone = before.nodes
    .filter((node) => !later.has(node.id))
    .map((node): Difference => ({ node, change: "removed", settings: [] }));
  const start = after.nodes.find((node) => node.id === after.start);
  const elsewhere: Difference[] =
    start && before.start !== after.start ? [{ node: start, change: "start", settings: [] }] : [];
  return [...elsewhere, ...found, ...gone];
}

function settingsThatDiffer(old: FlowNode, node: FlowNode, defaults: Defaults): string[] {
  const one: Record<string, unknown> = { ...defaults(old.kind), ...old };
  const other: Record<string, unknown> = { ...defaults(node.kind), ...node };
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => name !== "position");
  return names.filter((name) => !same(one[name] ?? null, other[name] ?? null));
}

/** Equal as JSON, whatever the order of names. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, ordered(part)]));
  }
  return value;
}
