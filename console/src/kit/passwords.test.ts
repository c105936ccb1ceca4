import { expect, test } from "vitest";

import { inventedPassword } from "./passwords";

test("an invented password can be read aloud and is another each time", () => {
  expect(inventedPassword()).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  expect(inventedPassword()).not.toBe(inventedPassword());
});
