/** What became of every line of a list; lines count from 1. */
export interface Imported {
  readonly added: number;
  readonly known?: number;
  readonly errors: readonly { readonly line: number; readonly text: string; readonly message: string }[];
}

/** The text of a file: UTF-8, or GB 18030 as Chinese spreadsheets save it. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** The lines of a list, without the empty ones after the last. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  while (lines.length > 0 && lines.at(-1)?.trim() === "") {
    lines.pop();
  }
  return lines;
}

/**
 * Sends a list in parts, so that a long one shows how far it is, and tells what became of the whole.
 * Lines are counted over all parts.
 */
export async function importInParts(
  lines: readonly string[],
  atOnce: number,
  send: (text: string) => Promise<Imported>,
  progress: (done: number) => void,
): Promise<Imported> {
  let all: Imported = { added: 0, known: 0, errors: [] };
  for (let from = 0; from < lines.length; from += atOnce) {
    const part = lines.slice(from, from + atOnce);
    const result = await send(part.join("\n"));
    all = {
      added: all.added + result.added,
      known: (all.known ?? 0) + (result.known ?? 0),
      errors: [...all.errors, ...result.errors.map((error) => ({ ...error, line: error.line + from }))],
    };
    progress(from + part.length);
  }
  return all;
}
