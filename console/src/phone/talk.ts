import type { OwnCall } from "./data";

type Line = OwnCall["lines"][number];

/**
 * Where a call is for the agent who has it: `consulted` is one whom a colleague asks, `asking` and
 * `ringing_colleague` are an agent's own questions to somebody.
 */
export type Stage = "offered" | "talking" | "held" | "ringing_colleague" | "asking" | "three_way" | "consulted";

export interface Talk {
  readonly stage: Stage;
  /** The colleague or number besides caller and agent. */
  readonly other: Line | null;
}

/** Reads what goes on from who is in the call. */
export function talkOf(call: OwnCall): Talk {
  if (call.state === "ringing") {
    return { stage: "offered", other: null };
  }
  const asked = call.lines.find((line) => line.kind === "consult") ?? null;
  if (asked) {
    return { stage: stageWith(asked, call.state), other: asked };
  }
  const asks = call.lines.find((line) => line.kind === "agent" && line.answered_at !== null) ?? null;
  if (asks && call.details?.kind === "consult") {
    return { stage: "consulted", other: asks };
  }
  return { stage: call.state === "on_hold" ? "held" : "talking", other: asks };
}

function stageWith(asked: Line, state: string): Stage {
  if (asked.answered_at === null) {
    return "ringing_colleague";
  }
  return state === "on_hold" ? "asking" : "three_way";
}

/** A colleague's name, or the number. */
export function nameOf(line: Line | null): string {
  if (line === null) {
    return "";
  }
  return line.name ? `${line.name} (${line.extension ?? ""})` : line.target;
}
