import dayjs from "dayjs";

/** From and to, as `09:00` and `18:00`; an end that is not after its start lies on the next day. */
export type Interval = readonly [string, string];
/** Hours by ISO weekday (1 is Monday); a day that is absent is closed. */
export type Weekly = Readonly<Record<string, Interval[]>>;
/** Days (`2026-10-01`) whose own hours replace the week's; none: closed all day. */
export type OwnDays = Readonly<Record<string, Interval[]>>;

export const WEEKDAYS = ["1", "2", "3", "4", "5", "6", "7"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
const ALL_DAY: Interval = ["00:00", "24:00"];

function every(days: readonly Weekday[], hours: Interval[]): Weekly {
  return Object.fromEntries(days.map((day) => [day, hours]));
}

export const PRESETS = {
  office: every(["1", "2", "3", "4", "5"], [["09:00", "18:00"]]),
  daily: every(WEEKDAYS, [["09:00", "21:00"]]),
  always: every(WEEKDAYS, [ALL_DAY]),
} as const satisfies Record<string, Weekly>;

export function weekdayOf(day: dayjs.Dayjs): Weekday {
  return WEEKDAYS[(day.day() + 6) % 7] ?? "1";
}

export function isAllDay(hours: readonly Interval[]): boolean {
  return hours.length === 1 && hours[0]?.[0] === "00:00" && hours[0][1] === "24:00";
}

/** Whether an interval ends on the day after it began. */
export function endsNextDay([from, to]: Interval): boolean {
  return to <= from && to !== "00:00";
}

/** An interval as it is entered: the end of the day can only be entered as 00:00. */
export function entered(from: string, to: string): Interval {
  return [from, to === "00:00" ? "24:00" : to];
}

const AFTERNOON: Interval = ["13:30", "18:00"];

/** What is offered as one more interval of a day. */
export function furtherInterval(hours: readonly Interval[]): Interval {
  const last = hours.at(-1);
  if (!last) {
    return ["09:00", "18:00"];
  }
  if (last[1] <= AFTERNOON[0]) {
    return AFTERNOON;
  }
  return last[1] < "19:00" ? ["19:00", "22:00"] : [last[1] === "24:00" ? "00:00" : last[1], "24:00"];
}

/** Days in a row that have the same hours. */
export interface Stretch {
  readonly from: Weekday;
  readonly to: Weekday;
  readonly hours: readonly Interval[];
}

/** A week in as few words as it takes; closed days are left out. */
export function stretchesOf(weekly: Weekly): Stretch[] {
  const stretches: Stretch[] = [];
  for (const day of WEEKDAYS) {
    const hours = weekly[day] ?? [];
    const last = stretches.at(-1);
    if (last && JSON.stringify(last.hours) === JSON.stringify(hours)) {
      stretches[stretches.length - 1] = { ...last, to: day };
    } else {
      stretches.push({ from: day, to: day, hours });
    }
  }
  return stretches.filter((stretch) => stretch.hours.length > 0);
}

/** A day of the public calendar. */
export interface CalendarDay {
  readonly day: string;
  readonly kind: "ordinary" | "holiday" | "make_up_workday";
}

/** The days with public holidays closed and make-up workdays as Mondays; days of their own stay. */
export function withHolidays(
  own: OwnDays,
  calendar: readonly CalendarDay[],
  weekly: Weekly,
): { days: OwnDays; closed: number; worked: number } {
  const added = calendar.filter(({ day }) => !(day in own));
  const hoursOf = ({ kind }: CalendarDay): Interval[] => (kind === "holiday" ? [] : (weekly["1"] ?? []));
  return {
    days: { ...own, ...Object.fromEntries(added.map((one) => [one.day, hoursOf(one)])) },
    closed: added.filter((one) => one.kind === "holiday").length,
    worked: added.filter((one) => one.kind === "make_up_workday").length,
  };
}

/** The weeks that show a month, from Monday to Sunday. */
export function weeksOf(month: dayjs.Dayjs): dayjs.Dayjs[][] {
  const first = month.startOf("month");
  const monday = first.subtract((first.day() + 6) % 7, "day");
  const weeks = Math.ceil((first.diff(monday, "day") + first.daysInMonth()) / 7);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (__, day) => monday.add(week * 7 + day, "day")),
  );
}
