import { expect, test } from "vitest";

import { changeOf, tabOf, type Settings } from "./settings";

test("empty fields are nothing, rows become tables", () => {
  const settings = {
    name: "售后",
    extension: "",
    overflow: { timeout: { kind: "hangup" }, full: null },
    skills: [{ after: 0, skills: [{ skill: "英语", level: 5 }] }, { after: 30, skills: [] }],
  } as unknown as Settings;
  const change = changeOf(settings);
  expect(change.extension).toBeNull();
  expect(change.overflow).toEqual({ timeout: { kind: "hangup" } });
  expect(change.skills).toEqual([
    { after: 0, skills: { 英语: 5 } },
    { after: 30, skills: {} },
  ]);
});

test("what is wrong is looked for in its tab", () => {
  expect([tabOf("name"), tabOf("overflow"), tabOf("skills")]).toEqual(["basics", "leaving", "people"]);
});
