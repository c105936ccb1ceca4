/** The hour of the day in China, where a day of the figures begins and ends. */
export function hourInChina(iso: string): number {
  const hour = new Intl.DateTimeFormat("en", { timeZone: "Asia/Shanghai", hour: "numeric", hourCycle: "h23" });
  return Number(hour.format(new Date(iso)));
}

/** Lines at round numbers up to one that is not below `most`. */
export function ticksFor(most: number): number[] {
  const step = stepFor(Math.max(most, 4) / 4);
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < Math.max(most, 1)) {
    ticks.push((ticks.at(-1) ?? 0) + step);
  }
  return ticks;
}

/** 1, 2, 5, 10, 20 …: the first that is not below `least`. */
function stepFor(least: number): number {
  for (let ten = 1; ; ten *= 10) {
    const found = [1, 2, 5].map((one) => one * ten).find((step) => step >= least);
    if (found !== undefined) {
      return found;
    }
  }
}
