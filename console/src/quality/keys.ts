import type { Criterion } from "./data";

/** Each criterion with a key that no other has: points are kept under it. Those there are stay. */
export function keyed(criteria: readonly Criterion[]): Criterion[] {
  const taken = new Set(criteria.map((one) => one.key).filter(Boolean));
  return criteria.map((one) => {
    if (one.key) {
      return one;
    }
    let number = 1;
    while (taken.has(`c${number}`)) {
      number += 1;
    }
    taken.add(`c${number}`);
    return { ...one, key: `c${number}` };
  });
}
