/** The header by which a change names what it was made from: another's change in between is told. */
export function ifMatch(version: string): { "if-match": string } {
  return { "if-match": `"${version}"` };
}
