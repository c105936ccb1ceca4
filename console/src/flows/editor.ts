import { createContext, useContext } from "react";

import type { FlowProblem, NodeType } from "./data";
import type { ExitsOf } from "./exits";
import type { Graph } from "./graph";
import type { Things } from "./things";

/** What every part of the editor works with. */
export interface Editor {
  readonly flowId: string;
  readonly graph: Graph;
  readonly types: readonly NodeType[];
  readonly exitsOf: ExitsOf;
  readonly things: Things;
  readonly problems: readonly FlowProblem[];
  readonly readOnly: boolean;
  readonly chosen: readonly string[];
  /** See `Editing.change`. */
  readonly change: (change: (graph: Graph) => Graph, of?: string) => void;
  readonly choose: (ids: readonly string[]) => void;
  /** Chooses a node and brings it into view. */
  readonly show: (id: string) => void;
  /** Brings the whole flow into view. */
  readonly fit: () => void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) {
    throw new Error("outside of the editor");
  }
  return editor;
}
