import dayjs from "dayjs";

/** So that spreadsheets read it as UTF-8. */
const MARK = "\uFEFF";
/** What a spreadsheet would run as a formula begins with one of these. */
const RUN = /^ *[=+\-@\t\r\n＝＋－＠]/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const NUMBER = /^\d{3,}$/;

/** The rows as CSV (RFC 4180), each cell safe to open in a spreadsheet. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return MARK + rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");
}

function cellOf(words: string): string {
  const safe = RUN.test(words) ? `'${words}` : words;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What stands for a value in a file where the page shows it shorter: whole instants, plain numbers. */
export function wholeOf(value: unknown): string | null {
  if (typeof value !== "string") {
    return null;
  }
  if (INSTANT.test(value)) {
    return dayjs(value).format("YYYY-MM-DD HH:mm:ss");
  }
  return NUMBER.test(value) ? value : null;
}

/** The words in an element, those of its parts apart from each other. */
export function wordsIn(element: Element): string {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const words: string[] = [];
  while (walk.nextNode()) {
    words.push(walk.currentNode.textContent?.trim() ?? "");
  }
  return words.filter(Boolean).join(" ");
}

/** Hands the browser a file to save. */
export function saveFile(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
