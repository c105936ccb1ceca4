/** Steps that were copied, for this flow and for others in this browser. */
import { graphOf, type FlowNode } from "./graph";

const KEPT = "flow-clipboard";

export function copyNodes(nodes: readonly FlowNode[]): void {
  if (nodes.length > 0) {
    localStorage.setItem(KEPT, JSON.stringify({ start: "", nodes }));
  }
}

export function copiedNodes(): readonly FlowNode[] {
  try {
    return graphOf(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Record<string, unknown>).nodes;
  } catch {
    return [];
  }
}
