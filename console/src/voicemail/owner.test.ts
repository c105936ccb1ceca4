import { expect, test } from "vitest";

import { ownedBy, ownerOf } from "./owner";

test("a box belongs to one owner", () => {
  const box = { name: "甲", hotline_id: "h", queue_id: "q", for_members: true, takes_blacklisted: true };
  const queues = ownedBy("queue", box);
  expect([queues.hotline_id, queues.queue_id, queues.for_members, queues.takes_blacklisted]).toEqual([null, "q", true, false]);
  expect(ownerOf(queues)).toBe("queue");
  expect(ownerOf(ownedBy("enterprise", box))).toBe("enterprise");
});
