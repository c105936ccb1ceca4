/** How nodes and their exits are called on the screen. */
import type { i18n as I18n, TFunction } from "i18next";

import type { FlowProblem } from "./data";
import { isRecord, type FlowNode } from "./graph";
import { thingOf } from "./settings";
import { nameOf, type Things } from "./things";

/** Words by a key that is put together; `otherwise` where there are none. */
export function wordsFor(i18n: I18n, key: string, otherwise: string): string {
  return i18n.exists(key) ? i18n.t(key as "app.name") : otherwise;
}

export function kindName(i18n: I18n, kind: string): string {
  return wordsFor(i18n, `flows.kind.${kind}`, kind);
}

export function titleOf(i18n: I18n, node: FlowNode): string {
  return node.title || kindName(i18n, node.kind);
}

export function settingName(i18n: I18n, kind: string, setting: string): string {
  const common = wordsFor(i18n, `flows.setting.${setting}`, setting.replace(/_/g, " "));
  return wordsFor(i18n, `flows.settingOf.${kind}_${setting}`, common);
}

export function settingHint(i18n: I18n, kind: string, setting: string): string {
  return wordsFor(i18n, `flows.hintOf.${kind}_${setting}`, wordsFor(i18n, `flows.hint.${setting}`, ""));
}

const KEY = /^[0-9*#]$/;

/** What an exit means: a key, a rule's places, a share, or the usual word. */
export function exitLabel(i18n: I18n, node: FlowNode, exit: string): string {
  if (node.kind === "menu" && KEY.test(exit)) {
    return i18n.t("flows.pressKey", { key: exit });
  }
  const own = madeBySetting(i18n, node, exit);
  if (own) {
    return own;
  }
  return wordsFor(i18n, `flows.exitOf.${node.kind}_${exit}`, wordsFor(i18n, `flows.exit.${exit}`, exit));
}

/** What is wrong, with the exit or setting as the screen calls it. */
export function problemWords(i18n: I18n, node: FlowNode | undefined, problem: FlowProblem): string {
  const [setting = "", part = ""] = problem.field.split(".");
  if (!node || setting === "") {
    return problem.message;
  }
  if (setting === "exits") {
    const exit = exitLabel(i18n, node, part);
    return problem.code === "missing-exit" ? i18n.t("flows.exitOpen", { exit }) : problem.message;
  }
  return `${settingName(i18n, node.kind, setting)}：${problem.message}`;
}

function madeBySetting(i18n: I18n, node: FlowNode, exit: string): string {
  for (const name of ["rules", "shares", "periods"]) {
    const list = node[name];
    const place = Array.isArray(list) ? list.findIndex((one) => isRecord(one) && one["exit"] === exit) : -1;
    const one: unknown = Array.isArray(list) ? list[place] : undefined;
    if (isRecord(one)) {
      return wayLabel(i18n, one, place);
    }
  }
  return "";
}

function wayLabel(i18n: I18n, way: Readonly<Record<string, unknown>>, place: number): string {
  if (typeof way["percent"] === "number") {
    return `${way["percent"]}%`;
  }
  const places = placesOf(way);
  if (places.length > 0) {
    return places.length > 3 ? i18n.t("flows.placesMore", { some: places.slice(0, 2).join("、"), count: places.length }) : places.join("、");
  }
  return "weekly" in way ? i18n.t("flows.periodNumber", { number: place + 1 }) : i18n.t("flows.ruleNumber", { number: place + 1 });
}

function placesOf(way: Readonly<Record<string, unknown>>): string[] {
  const cities = Array.isArray(way["cities"]) ? way["cities"].map((city) => (Array.isArray(city) ? String(city[1]) : "")) : [];
  return [...textsOf(way["provinces"]), ...cities, ...textsOf(way["area_codes"])].filter(Boolean);
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

/** The most telling setting of a node, in a line. */
export function summaryOf(i18n: I18n, t: TFunction, node: FlowNode, things: Things): string {
  const names = Object.keys(node).flatMap((setting) => {
    const kind = thingOf(setting);
    const id = node[setting];
    return kind && typeof id === "string" && id !== "" ? [nameOf(things, kind, id) ?? ""] : [];
  });
  const sounds = soundsIn(i18n, node["sounds"], things);
  const first = [...names, ...sounds].filter(Boolean);
  if (first.length > 0) {
    return first.join("、");
  }
  switch (node.kind) {
    case "announce":
      return wordsFor(i18n, `flows.choice.say_${String(node["say"])}`, "");
    case "collect":
      return `{${String(node["variable"] ?? "")}}`;
    case "set":
      return isRecord(node["values"]) ? Object.keys(node["values"]).map((name) => `{${name}}`).join(" ") : "";
    case "condition":
      return Array.isArray(node["tests"]) ? node["tests"].map((test) => testLabel(i18n, test)).join(" · ") : "";
    case "http":
      return String(node["url"] ?? "").replace(/^https?:\/\//, "");
    case "hangup":
      return typeof node["notice"] === "string" ? noticeName(i18n, node["notice"]) : "";
    case "extension":
      return t("flows.byVariable", { name: `{${String(node["variable"] ?? "extension")}}` });
    default:
      return "";
  }
}

function testLabel(i18n: I18n, test: unknown): string {
  if (!isRecord(test)) {
    return "";
  }
  const is = wordsFor(i18n, `flows.choice.is_${String(test["is"] ?? "equal")}`, "");
  return `{${String(test["variable"] ?? "")}} ${is} ${String(test["value"] ?? "")}`.trim();
}

function soundsIn(i18n: I18n, sounds: unknown, things: Things): string[] {
  if (!Array.isArray(sounds)) {
    return [];
  }
  return sounds.filter(isRecord).map((sound) => {
    if (typeof sound["notice"] === "string") {
      return noticeName(i18n, sound["notice"]);
    }
    return nameOf(things, "prompt", sound["prompt"]) ?? "";
  });
}

export function noticeName(i18n: I18n, notice: string): string {
  return wordsFor(i18n, `flows.notice.${notice}`, notice);
}
