import dayjs from "dayjs";

/** China has one time, without summer time; what holds to a day's end holds to its end there. */
const CHINA = 8 * 60;

/** The instant at which a day (`2026-12-31`) ends in China. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + (24 * 60 - CHINA) * 60_000).toISOString();
}

/** The last day in China on which something holds that ends at an instant. */
export function lastDayOf(until: string): string {
  return dayjs(Date.parse(until) + CHINA * 60_000 - 1).toISOString().slice(0, 10);
}
