import { expect, test } from "vitest";

import { newlyUnread } from "./unread";

const one = { id: "1", read_at: null };
const other = { id: "2", read_at: "2026-11-22T00:00:00Z" };

test("nothing is new at the beginning", () => {
  expect(newlyUnread(null, [one])).toEqual([]);
});

test("what comes, and what has to be read again, is new", () => {
  expect(newlyUnread([one, other], [one, { id: "2", read_at: null }, { id: "3", read_at: null }]).map(({ id }) => id)).toEqual(["2", "3"]);
});
