import { expect, test } from "vitest";

import { endOfDay, lastDayOf } from "./until";

test("a day ends in China, wherever the browser is", () => {
  expect(endOfDay("2026-12-31")).toBe("2026-12-31T16:00:00.000Z");
  expect(lastDayOf("2026-12-31T16:00:00.000Z")).toBe("2026-12-31");
  expect(lastDayOf("2026-12-31T15:00:00.000Z")).toBe("2026-12-31");
});
