import { useCallback, useMemo, useReducer } from "react";

import type { Graph } from "./graph";
import { begun, done, redone, undone, type History } from "./history";

type Step =
  | { readonly type: "change"; readonly change: (graph: Graph) => Graph; readonly of: string; readonly at: number }
  | { readonly type: "undo" | "redo" }
  | { readonly type: "begin"; readonly graph: Graph };

interface State {
  readonly history: History<Graph>;
  /** What was changed last and when: changes of the same thing soon after are one step. */
  readonly of: string;
  readonly at: number;
  readonly epoch: number;
}

const SOON = 1_000;

function next(state: State, step: Step): State {
  switch (step.type) {
    case "change": {
      const joined = step.of !== "" && step.of === state.of && step.at - state.at < SOON;
      const history = done(state.history, step.change(state.history.present), joined);
      return history === state.history ? state : { ...state, history, of: step.of, at: step.at };
    }
    case "undo":
      return { history: undone(state.history), of: "", at: 0, epoch: state.epoch + 1 };
    case "redo":
      return { history: redone(state.history), of: "", at: 0, epoch: state.epoch + 1 };
    case "begin":
      return { history: begun(step.graph), of: "", at: 0, epoch: state.epoch + 1 };
  }
}

export interface Editing {
  readonly graph: Graph;
  /** `of` names what is changed, so that typing a word is one step back; empty: a step of its own. */
  readonly change: (change: (graph: Graph) => Graph, of?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly begin: (graph: Graph) => void;
  /** Another number after each leap: what was typed somewhere is no longer what stands there. */
  readonly epoch: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A graph, and every step back. */
export function useGraph(initial: Graph): Editing {
  const [state, dispatch] = useReducer(next, initial, (graph): State => ({ history: begun(graph), of: "", at: 0, epoch: 0 }));
  const change = useCallback((by: (graph: Graph) => Graph, of = "") => {
    dispatch({ type: "change", change: by, of, at: Date.now() });
  }, []);
  const undo = useCallback(() => dispatch({ type: "undo" }), []);
  const redo = useCallback(() => dispatch({ type: "redo" }), []);
  const begin = useCallback((graph: Graph) => dispatch({ type: "begin", graph }), []);
  const { past, present, future } = state.history;
  return useMemo(
    () => ({ graph: present, change, undo, redo, begin, epoch: state.epoch, canUndo: past.length > 0, canRedo: future.length > 0 }),
    [present, change, undo, redo, begin, state.epoch, past.length, future.length],
  );
}
