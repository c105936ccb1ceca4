/** The settings of a kind of node, read from the JSON Schema that the server gives. */
import type { NodeType } from "./data";
import { isRecord, type FlowNode } from "./graph";

export type ThingKind =
  | "prompt"
  | "schedule"
  | "group"
  | "destination"
  | "flow"
  | "caller_list"
  | "code_list"
  | "queue"
  | "voicemail_box"
  | "survey"
  | "extension";

export type Control =
  | { readonly is: "choice"; readonly options: readonly (string | number)[] }
  | { readonly is: "number"; readonly min?: number; readonly max?: number; readonly whole: boolean }
  | { readonly is: "switch" }
  | { readonly is: "text"; readonly long: boolean }
  | { readonly is: "thing"; readonly thing: ThingKind }
  | { readonly is: "sounds" | "keys" | "periods" | "rules" | "shares" | "tests" | "map" | "json" | "tags" | "dates" | "zone" };

export interface Setting {
  readonly name: string;
  readonly control: Control;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly otherwise: unknown;
  /** Of the schema, for settings for which the console has no words. */
  readonly description: string;
}

const COMMON = new Set(["id", "kind", "title", "exits", "position"]);
/** Those for which what is usual is right; they stand apart. */
const RARE = new Set([
  "tries",
  "timeout",
  "digit_timeout",
  "barge_in",
  "terminator",
  "extension_digits",
  "answer",
  "cause",
  "closed",
  "workday_as",
  "holidays",
  "workdays",
  "time_zone",
  "vip",
  "priority",
  "headers",
  "method",
]);

const THINGS: Readonly<Record<string, ThingKind>> = {
  prompt: "prompt",
  schedule: "schedule",
  group: "group",
  destination: "destination",
  flow: "flow",
  caller_list: "caller_list",
  code_list: "code_list",
  queue: "queue",
  box: "voicemail_box",
  survey: "survey",
  extension: "extension",
};

const SPECIAL: Readonly<Record<string, Control>> = {
  sounds: { is: "sounds" },
  wrong_sounds: { is: "sounds" },
  keys: { is: "keys" },
  periods: { is: "periods" },
  rules: { is: "rules" },
  shares: { is: "shares" },
  tests: { is: "tests" },
  values: { is: "map" },
  headers: { is: "map" },
  keep: { is: "map" },
  body: { is: "json" },
  results: { is: "tags" },
  holidays: { is: "dates" },
  workdays: { is: "dates" },
  time_zone: { is: "zone" },
};

/** Settings that mean something only beside another one. */
const OF_CALENDAR = new Set(["workday_as", "holidays", "workdays"]);

type Schema = Readonly<Record<string, unknown>>;

export function settingsOf(type: NodeType): Setting[] {
  const properties = isRecord(type.settings["properties"]) ? type.settings["properties"] : {};
  const required = Array.isArray(type.settings["required"]) ? type.settings["required"] : [];
  return Object.entries(properties).flatMap(([name, given]): Setting[] => {
    if (COMMON.has(name) || !isRecord(given)) {
      return [];
    }
    const { schema, nullable } = resolved(given, type.settings);
    return [
      {
        name,
        control: controlOf(name, schema),
        required: required.includes(name),
        nullable,
        otherwise: given["default"],
        description: typeof given["description"] === "string" ? given["description"] : "",
      },
    ];
  });
}

export function isRare(setting: Setting): boolean {
  return RARE.has(setting.name) && !setting.required;
}

/** Whether a setting has a meaning beside the others; what was given is shown in any case. */
export function isMeant(setting: Setting, node: FlowNode): boolean {
  const given = node[setting.name];
  const isGiven = given !== undefined && JSON.stringify(given) !== JSON.stringify(setting.otherwise);
  if (setting.name === "time_zone" && node["schedule"]) {
    return isGiven; // kept hours have one of their own
  }
  return !OF_CALENDAR.has(setting.name) || node["calendar"] === "china" || isGiven;
}

/** Follows a reference, and passes over `null` as the other choice. */
function resolved(given: Schema, whole: Schema): { schema: Schema; nullable: boolean } {
  const choices = Array.isArray(given["anyOf"]) ? given["anyOf"].filter(isRecord) : [given];
  const nullable = choices.some((one) => one["type"] === "null");
  const first = choices.find((one) => one["type"] !== "null") ?? given;
  const name = typeof first["$ref"] === "string" ? first["$ref"].replace("#/$defs/", "") : null;
  const definitions = isRecord(whole["$defs"]) ? whole["$defs"] : {};
  const found = name === null ? first : definitions[name];
  return { schema: isRecord(found) ? found : {}, nullable };
}

function controlOf(name: string, schema: Schema): Control {
  const special = SPECIAL[name];
  if (special) {
    return special;
  }
  const thing = THINGS[name];
  if (thing && schema["type"] === "string") {
    return { is: "thing", thing };
  }
  if (Array.isArray(schema["enum"])) {
    return { is: "choice", options: schema["enum"].filter((one): one is string | number => ["string", "number"].includes(typeof one)) };
  }
  switch (schema["type"]) {
    case "boolean":
      return { is: "switch" };
    case "integer":
    case "number":
      return { is: "number", whole: schema["type"] === "integer", ...limits(schema) };
    case "array":
      return { is: "tags" };
    case "object":
      return { is: "json" };
    default:
      return { is: "text", long: name === "value" || name === "url" };
  }
}

function limits(schema: Schema): { min?: number; max?: number } {
  return {
    ...(typeof schema["minimum"] === "number" ? { min: schema["minimum"] } : {}),
    ...(typeof schema["maximum"] === "number" ? { max: schema["maximum"] } : {}),
  };
}

/** The announcements of the platform that a node of this kind may say. */
export function noticesOf(type: NodeType | undefined): string[] {
  const definitions = isRecord(type?.settings["$defs"]) ? type.settings["$defs"] : {};
  const sounds = definitions["SystemSound"];
  return isRecord(sounds) && Array.isArray(sounds["enum"]) ? sounds["enum"].map(String) : [];
}

/** What is the same as absent, for comparisons. */
export function defaultsOf(types: readonly NodeType[], kind: string): Record<string, unknown> {
  const type = types.find((one) => one.kind === kind);
  const settings = type ? settingsOf(type) : [];
  return { title: "", ...Object.fromEntries(settings.map((one) => [one.name, one.otherwise])) };
}

/** What a new node of a kind begins with: enough to be seen what is to be filled in. */
const FIRST: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  play: { sounds: [] },
  announce: { say: "time" },
  menu: { sounds: [], keys: ["1", "2"] },
  collect: { variable: "digits", sounds: [] },
  password: { sounds: [] },
  schedule: {},
  region: { rules: [{ exit: "way-1", provinces: [] }] },
  split: { shares: [{ exit: "way-1", percent: 50 }, { exit: "way-2", percent: 50 }] },
  condition: { tests: [{ variable: "caller", is: "equal", value: "" }] },
  set: { values: {} },
  http: { url: "" },
};

export function newNode(id: string, kind: string, position: readonly [number, number]): FlowNode {
  return { id, kind, exits: {}, position: [Math.round(position[0]), Math.round(position[1])], ...FIRST[kind] };
}

export function thingOf(setting: string): ThingKind | undefined {
  return THINGS[setting];
}
