/** What can be undone. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

const MOST = 200;

export function begun<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** `joined`: one step with the change before, as the letters of a word are. */
export function done<T>(history: History<T>, present: T, joined: boolean): History<T> {
  if (present === history.present) {
    return history;
  }
  const past = joined && history.past.length > 0 ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present, future: [] };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) {
    return history;
  }
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) {
    return history;
  }
  return { past: [...history.past, history.present], present: next, future };
}
