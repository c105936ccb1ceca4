import { expect, test } from "vitest";

import type { Hotline } from "./data";
import { changeOf, groupOf, keysOf, settingsOf, tabOf } from "./settings";

const hotline: Hotline = {
  id: "h",
  enterprise_id: "e",
  number: "4006001234",
  name: "客服",
  status: "active",
  concurrent_limit: null,
  schedule_id: null,
  group_id: "g",
  greeting_prompt_id: null,
  closed_prompt_id: null,
  failed_prompt_id: null,
  recording: true,
  recording_notice_prompt_id: null,
  caller_id_mode: "caller",
  whisper: false,
  survey_id: null,
  flow_id: "f",
  regions: [],
  menu: null,
  created_at: "",
  updated_at: "",
  version: "",
};

test("the plain way leaves the flow", () => {
  const settings = settingsOf(hotline);
  expect(settings.way).toBe("flow");
  expect(changeOf(settings).flow_id).toBe("f");
  expect(changeOf({ ...settings, way: "plain" }).flow_id).toBeNull();
});

test("what the platform sets is not sent", () => {
  expect(changeOf(settingsOf(hotline))).not.toHaveProperty("number");
  expect(changeOf(settingsOf(hotline))).not.toHaveProperty("way");
});

test("each setting has its tab", () => {
  expect(tabOf("greeting_prompt_id")).toBe("reception");
  expect(tabOf("survey_id")).toBe("talk");
});

test("keys are entered with spaces between", () => {
  expect(keysOf(" 1 2，hangup ")).toEqual(["1", "2", "hangup"]);
});

test("the groups of plain settings are known by their nodes", () => {
  const at = (node: string): Parameters<typeof groupOf>[1] => ({ node, kind: "group", title: "", exit: "", reason: "" });
  const region = (city: string, group_id: string): Hotline["regions"][number] => ({ province: "广东", city, group_id });
  const plain = { ...hotline, flow_id: null, regions: [region("深圳", "a"), region("珠海", "a"), region("广州", "b")] };
  expect(["group", "group-1", "group-2", "failed"].map((node) => groupOf(plain, at(node)))).toEqual(["g", "a", "b", null]);
  expect(groupOf(hotline, at("group"))).toBeNull();
});

test("a menu counts while it is switched on, and stays where a flow takes its place", () => {
  const menu = { prompt_id: null, keys: [{ key: "1", to: "queue" as const, id: "q", label: "" }], tries: 2, timeout: 5 };
  const plain = settingsOf({ ...hotline, flow_id: null, menu });
  expect(plain.has_menu).toBe(true);
  expect(changeOf(plain).menu).toEqual(menu);
  expect(changeOf({ ...plain, has_menu: false }).menu).toBeNull();
  expect("menu" in changeOf({ ...plain, way: "flow", flow_id: "f" })).toBe(false);
  expect(settingsOf({ ...hotline, menu: null }).has_menu).toBe(false);
});
