import { expect, test } from "vitest";

import { i18n } from "../i18n/i18n";
import { areaOf, byArea, readingOnly, scopesFor, verbOf } from "./scopes";

test("a key of an enterprise is not offered what is the operator's", () => {
  expect(scopesFor(["calls.read", "carriers.manage"], false)).toEqual(["calls.read"]);
  expect(scopesFor(["calls.read", "carriers.manage"], true)).toEqual(["calls.read", "carriers.manage"]);
});

test("what is about the same stands together", () => {
  expect(byArea(["calls.export", "queues.read", "calls.read"])).toEqual([
    { name: "queues", scopes: ["queues.read"] },
    { name: "calls", scopes: ["calls.read", "calls.export"] },
  ]);
  expect(readingOnly(["calls.read", "calls.export"])).toEqual(["calls.read"]);
});

test("each has words", () => {
  expect(i18n.exists(`apikeys.area.${areaOf("survey_results.read")}`)).toBe(true);
  expect(i18n.exists(`apikeys.verb.${verbOf("calls.supervise")}`)).toBe(true);
});
