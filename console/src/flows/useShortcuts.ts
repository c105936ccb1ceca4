import { useEffect, useRef } from "react";

export interface Shortcuts {
  readonly save: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly copy: () => void;
  readonly cut: () => void;
  readonly paste: () => void;
  readonly duplicate: () => void;
  readonly all: () => void;
}

const BY_KEY: Readonly<Record<string, keyof Shortcuts>> = {
  s: "save",
  z: "undo",
  "shift+z": "redo",
  y: "redo",
  c: "copy",
  x: "cut",
  v: "paste",
  d: "duplicate",
  a: "all",
};

/** The usual keys, while nothing is typed into a field; saving goes everywhere. */
export function useShortcuts(actions: Shortcuts): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  }, [actions]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) {
        return;
      }
      const key = `${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}`;
      const action = BY_KEY[key];
      if (action === undefined || (action !== "save" && isTyping(event.target))) {
        return;
      }
      event.preventDefault();
      current.current[action]();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) {
    return false;
  }
  const hasSelection = (window.getSelection()?.toString() ?? "") !== "" && target.closest(".flow-canvas") === null;
  return hasSelection || target.closest("input, textarea, select, [contenteditable=true], [role=dialog]") !== null;
}
