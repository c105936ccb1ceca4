import { expect, test } from "vitest";

import { placeOf, type Province } from "./regions";

const PROVINCES: Province[] = [
  { name: "北京", cities: [{ name: "北京", area_code: "010" }] },
  {
    name: "辽宁",
    cities: [
      { name: "沈阳", area_code: "024" },
      { name: "抚顺", area_code: "024" },
      { name: "大连", area_code: "0411" },
    ],
  },
];

test.each([
  ["010", "北京"],
  ["024", "辽宁 沈阳、抚顺"],
  ["0411", "辽宁 大连"],
  ["0999", ""],
])("%s is %s", (code, place) => {
  expect(placeOf(code, PROVINCES)).toBe(place);
});
