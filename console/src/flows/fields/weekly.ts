/** Hours of the week: as the API has them, by day, and as people edit them, days that share their hours. */

export type Weekly = Readonly<Record<string, readonly (readonly string[])[]>>;

export interface Hours {
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
}

export const DAYS = ["1", "2", "3", "4", "5", "6", "7"] as const;

/** One line for each interval, with all the days that have it. */
export function linesOf(weekly: Weekly): Hours[] {
  const days = new Map<string, string[]>();
  for (const day of DAYS) {
    for (const [from = "", to = ""] of weekly[day] ?? []) {
      const key = `${from}-${to}`;
      days.set(key, [...(days.get(key) ?? []), day]);
    }
  }
  return [...days].map(([key, of]) => {
    const [from = "", to = ""] = key.split("-");
    return { days: of, from, to };
  });
}

export function weeklyOf(lines: readonly Hours[]): Record<string, string[][]> {
  const weekly: Record<string, string[][]> = {};
  for (const { days, from, to } of lines) {
    for (const day of days) {
      weekly[day] = [...(weekly[day] ?? []), [from, to]];
    }
  }
  for (const day of Object.keys(weekly)) {
    weekly[day]?.sort(([one = ""], [other = ""]) => (one < other ? -1 : 1));
  }
  return weekly;
}
