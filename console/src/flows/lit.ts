/** The path of a dry run on the canvas. */
import type { PathStep } from "./data";

export interface Lit {
  readonly steps: readonly PathStep[];
  /** How many of them are lit. */
  readonly shown: number;
}

/** Which steps came to a node, counted from 1; null: nothing is lit. */
export function passesOf(lit: Lit | null, node: string): number[] | null {
  return lit ? lit.steps.slice(0, lit.shown).flatMap((step, place) => (step.node === node ? [place + 1] : [])) : null;
}

/** The exits by which a node was left on the way as far as it is lit. */
export function exitsPassed(lit: Lit | null, node: string): string[] {
  return lit ? lit.steps.slice(0, lit.shown - 1).flatMap((step) => (step.node === node && step.exit ? [step.exit] : [])) : [];
}

export function currentOf(lit: Lit | null): string | null {
  return lit?.steps[lit.shown - 1]?.node ?? null;
}
