/** The exits that a node has by its settings, so that they can be drawn while one edits. */
import type { NodeType } from "./data";
import { isRecord, type FlowNode } from "./graph";

export interface Exits {
  /** Each must lead somewhere. */
  readonly required: readonly string[];
  /** Where one leads nowhere the call is over. */
  readonly optional: readonly string[];
}

export type ExitsOf = (node: FlowNode) => Exits;

const NONE: Exits = { required: [], optional: [] };

/** What settings add to the exits that a kind always has. */
const ADDED: Readonly<Record<string, (node: FlowNode) => readonly string[]>> = {
  menu: (node) => [...textsIn(node["keys"]), ...(Number(node["extension_digits"] ?? 0) > 0 ? ["extension"] : [])],
  schedule: (node) => [
    ...(node["schedule"] ? ["open", "closed"] : [...waysIn(node["periods"]), "otherwise"]),
    ...(node["calendar"] === "china" ? ["holiday"] : []),
  ],
  region: (node) => waysIn(node["rules"]),
  split: (node) => waysIn(node["shares"]),
  subflow: (node) => textsIn(node["results"]),
};

/** What is hoped for stands first, what went wrong last. */
const LAST = ["otherwise", "false", "unanswered", "wrong", "timeout", "failed", "locked", "unknown", "unavailable"];

/** How the exits of nodes of these kinds are known. */
export function exitsBy(types: readonly NodeType[]): ExitsOf {
  const always = new Map(types.map((type) => [type.kind, type.exits]));
  return (node) => {
    const own = always.get(node.kind) ?? NONE;
    const required = inOrder([...(ADDED[node.kind]?.(node) ?? []), ...own.required]);
    const known = new Set([...required, ...own.optional]);
    const drawn = Object.keys(node.exits).filter((exit) => !known.has(exit));
    return { required, optional: [...inOrder(own.optional), ...drawn] };
  };
}

const UNSERVED = new Set(["full", "nobody", "leave", "voicemail"]);

/** Whether an exit of a queue that is not connected is the same as its time-out. */
export function isAsTimeout(node: FlowNode, exit: string): boolean {
  return node.kind === "queue" && UNSERVED.has(exit);
}

/** Their names alone, in the order in which they are shown. */
export function namesOf(exits: Exits): readonly string[] {
  return [...exits.required, ...exits.optional];
}

/** Those that the kind and the settings give, whatever ways were drawn. */
export function ownExits(exitsOf: ExitsOf, node: FlowNode): readonly string[] {
  return namesOf(exitsOf({ ...node, exits: {} }));
}

function inOrder(names: readonly string[]): string[] {
  const unique = [...new Set(names)];
  return [...unique.filter((name) => !LAST.includes(name)), ...LAST.filter((name) => unique.includes(name))];
}

function waysIn(list: unknown): string[] {
  return Array.isArray(list) ? list.flatMap((one) => (isRecord(one) ? textsIn([one["exit"]]) : [])) : [];
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string" && one !== "") : [];
}
