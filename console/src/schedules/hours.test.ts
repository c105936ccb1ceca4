import dayjs from "dayjs";
import { expect, test } from "vitest";

import {
  endsNextDay,
  entered,
  furtherInterval,
  isAllDay,
  PRESETS,
  stretchesOf,
  weekdayOf,
  weeksOf,
  withHolidays,
} from "./hours";

test("a week is told in stretches", () => {
  expect(stretchesOf(PRESETS.office)).toEqual([{ from: "1", to: "5", hours: [["09:00", "18:00"]] }]);
  expect(stretchesOf({})).toEqual([]);
  const mixed = { 1: [["09:00", "18:00"] as const], 3: [["09:00", "18:00"] as const] };
  expect(stretchesOf(mixed).map(({ from, to }) => from + to)).toEqual(["11", "33"]);
});

test("midnight ends a day, it does not begin the next", () => {
  expect(entered("00:00", "00:00")).toEqual(["00:00", "24:00"]);
  expect(isAllDay([entered("00:00", "00:00")])).toBe(true);
  expect(endsNextDay(["22:00", "02:00"])).toBe(true);
  expect(endsNextDay(["18:00", "24:00"])).toBe(false);
});

test("one more interval comes after those that stand", () => {
  expect(furtherInterval([])).toEqual(["09:00", "18:00"]);
  expect(furtherInterval([["09:00", "12:00"]])).toEqual(["13:30", "18:00"]);
  expect(furtherInterval([["09:00", "18:00"]])).toEqual(["19:00", "22:00"]);
});

test("public holidays are filled in where a day has nothing of its own", () => {
  const own = { "2026-10-01": [["10:00", "16:00"] as const] };
  const calendar = [
    { day: "2026-10-01", kind: "holiday" as const },
    { day: "2026-10-02", kind: "holiday" as const },
    { day: "2026-10-10", kind: "make_up_workday" as const },
  ];
  expect(withHolidays(own, calendar, PRESETS.office)).toEqual({
    days: { ...own, "2026-10-02": [], "2026-10-10": [["09:00", "18:00"]] },
    closed: 1,
    worked: 1,
  });
});

test("a month is shown in whole weeks from Monday", () => {
  const weeks = weeksOf(dayjs("2026-11-15"));
  expect(weeks.map((week) => week[0]?.format("MM-DD"))).toEqual(["10-26", "11-02", "11-09", "11-16", "11-23", "11-30"]);
  expect(weekdayOf(dayjs("2026-11-22"))).toBe("7");
});
