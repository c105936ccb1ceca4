import type { Permission } from "../app/session";
import { zh } from "./words";

/** What is about the whole platform: no key of an enterprise can hold it. */
const PLATFORM: readonly string[] = [
  "destinations.approve",
  "enterprises.manage",
  "carriers.manage",
  "hotlines.assign",
  "operators.manage",
  "platform.read",
];

export interface Area {
  /** The part before the dot. */
  readonly name: string;
  readonly scopes: readonly Permission[];
}

/** What a key can be given by someone with `permissions`: all that fits it. */
export function scopesFor(permissions: readonly Permission[], ofOperator: boolean): Permission[] {
  return permissions.filter((one) => ofOperator || !PLATFORM.includes(one));
}

const AREAS = Object.keys(zh.area);
const VERBS = Object.keys(zh.verb);

/** By what they are about, in the order of the words: looking comes first. */
export function byArea(scopes: readonly Permission[]): Area[] {
  const areas = new Map<string, Permission[]>();
  for (const scope of scopes) {
    const area = areaOf(scope);
    areas.set(area, [...(areas.get(area) ?? []), scope]);
  }
  return [...areas]
    .map(([name, found]) => ({
      name,
      scopes: found.sort((one, other) => VERBS.indexOf(verbOf(one)) - VERBS.indexOf(verbOf(other))),
    }))
    .sort((one, other) => AREAS.indexOf(one.name) - AREAS.indexOf(other.name));
}

export function areaOf(scope: string): string {
  return scope.split(".")[0] ?? scope;
}

export function verbOf(scope: string): string {
  return scope.split(".")[1] ?? "";
}

/** Those that only look. */
export function readingOnly(scopes: readonly Permission[]): Permission[] {
  return scopes.filter((scope) => verbOf(scope) === "read");
}
