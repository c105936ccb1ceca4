import { expect, test } from "vitest";

import { changesOf, type Destination } from "./data";

const seen: Destination = {
  id: "d",
  enterprise_id: "e",
  number: "13900000001",
  label: "前台",
  status: "approved",
  reviewed_at: null,
  review_note: "",
  ring_timeout: 20,
  concurrent_cap: null,
  monthly_cap_minutes: 600,
  created_at: "",
  updated_at: "",
  version: "",
};

test("only what changed is sent", () => {
  const values = { number: "13900000001", label: "王芳", ring_timeout: 20, concurrent_cap: 2, monthly_cap_minutes: null };
  expect(changesOf(seen, { ...values, enabled: true })).toEqual({
    label: "王芳",
    concurrent_cap: 2,
    monthly_cap_minutes: null,
  });
  expect(changesOf({ ...seen, status: "disabled" }, { ...values, enabled: true })).toHaveProperty("enabled", true);
});
