import { expect, test } from "vitest";

import { i18n } from "./i18n";

const SOURCES = import.meta.glob<string>("../**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });

const USED = Object.entries(SOURCES)
  .filter(([path]) => !path.includes(".test.") && !path.endsWith("schema.ts"))
  .flatMap(([path, source]) =>
    [...source.matchAll(/\bt\(\s*"([\w.]+)"/g)].map((match) => [match[1] ?? "", path] as const),
  );

test("pages use words", () => {
  expect(USED.length).toBeGreaterThan(50);
});

test.each(USED)("%s (%s) has words", (key) => {
  expect(i18n.exists(key, { count: 1 })).toBe(true);
});
