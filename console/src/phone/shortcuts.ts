import { useEffect, useRef } from "react";

import type { Work } from "./work";

export const SHORTCUTS = ["answer", "hangUp", "hold", "mute", "keypad", "transfer", "ready", "rest", "help"] as const;
export type Shortcut = (typeof SHORTCUTS)[number];

/** Alt and a key, by its place on the keyboard: that works while one types a note as well. */
export const KEYS: Readonly<Record<Shortcut, { code: string; shown: string }>> = {
  answer: { code: "KeyA", shown: "Alt + A" },
  hangUp: { code: "KeyX", shown: "Alt + X" },
  hold: { code: "KeyH", shown: "Alt + H" },
  mute: { code: "KeyM", shown: "Alt + M" },
  keypad: { code: "KeyK", shown: "Alt + K" },
  transfer: { code: "KeyT", shown: "Alt + T" },
  ready: { code: "KeyR", shown: "Alt + R" },
  rest: { code: "KeyB", shown: "Alt + B" },
  help: { code: "Slash", shown: "Alt + /" },
};

interface Pressed {
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly code: string;
}

/** Which shortcut was pressed. */
export function shortcutOf({ altKey, ctrlKey, metaKey, shiftKey, code }: Pressed): Shortcut | null {
  if (!altKey || ctrlKey || metaKey || shiftKey) {
    return null;
  }
  return SHORTCUTS.find((name) => KEYS[name].code === code) ?? null;
}

/** Obeys the shortcuts while the component is shown. */
export function useShortcuts(work: Work, showHelp: () => void): void {
  const latest = useRef({ work, showHelp });
  useEffect(() => {
    latest.current = { work, showHelp };
  }, [work, showHelp]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const shortcut = shortcutOf(event);
      if (shortcut) {
        event.preventDefault();
        obey(shortcut, latest.current.work, latest.current.showHelp);
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

function obey(shortcut: Shortcut, work: Work, showHelp: () => void): void {
  const { call, panel } = work;
  const talks = call !== null && call.state !== "ringing";
  const mine = talks && !work.supervising;
  const open = (wanted: "keypad" | "transfer"): void => work.setPanel(panel === wanted ? null : wanted);
  switch (shortcut) {
    case "answer":
      work.phone.answer();
      break;
    case "hangUp":
      work.hangUp();
      break;
    case "hold":
      if (mine) {
        void work.command({ verb: call.state === "on_hold" ? "resume" : "hold" });
      }
      break;
    case "mute":
      if (talks) {
        work.toggleMute();
      }
      break;
    case "keypad":
    case "transfer":
      if (mine) {
        open(shortcut);
      }
      break;
    case "ready":
      if (mayBeReady(work)) {
        work.be("ready");
      }
      break;
    case "rest":
      work.be("break", work.agent.break_reasons[0] ?? "");
      break;
    case "help":
      showHelp();
      break;
  }
}

/** Calls to a browser that is no phone yet would be lost. */
export function mayBeReady({ agent, device }: Pick<Work, "agent" | "device">): boolean {
  return agent.agent.device !== "browser" || device.state === "ready" || device.state === "elsewhere";
}
