/** A field that was changed: from what to what, as text. */
export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** The server's `field → [before, after]`; what is no such pair stands as what came after. */
export function changesOf(changes: Readonly<Record<string, unknown>>): Change[] {
  return Object.entries(changes).map(([field, pair]) =>
    Array.isArray(pair) && pair.length === 2
      ? { field, before: textOf(pair[0]), after: textOf(pair[1]) }
      : { field, before: "", after: textOf(pair) },
  );
}

/** A value as people read it; empty for nothing. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return "";
  }
  if (typeof value === "string") {
    return value;
  }
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return value.join(", ");
  }
  return JSON.stringify(value);
}
