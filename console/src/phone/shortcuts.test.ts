import { expect, test } from "vitest";

import { KEYS, SHORTCUTS, shortcutOf } from "./shortcuts";

const KEY = { altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, code: "KeyA" };

test("a shortcut is Alt and nothing else", () => {
  expect(shortcutOf(KEY)).toBe("answer");
  expect(shortcutOf({ ...KEY, altKey: false })).toBeNull();
  expect(shortcutOf({ ...KEY, ctrlKey: true })).toBeNull();
  expect(shortcutOf({ ...KEY, code: "KeyD" })).toBeNull();
});

test("no key means two things", () => {
  expect(new Set(SHORTCUTS.map((name) => KEYS[name].code)).size).toBe(SHORTCUTS.length);
});
