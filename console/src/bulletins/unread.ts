interface Readable {
  readonly id: string;
  readonly read_at: string | null;
}

/** What is to be read in `now` and was not in `before`; nothing is new to who has only begun. */
export function newlyUnread<T extends Readable>(before: readonly Readable[] | null, now: readonly T[]): T[] {
  if (before === null) {
    return [];
  }
  const waited = new Set(before.filter((one) => one.read_at === null).map((one) => one.id));
  return now.filter((one) => one.read_at === null && !waited.has(one.id));
}
