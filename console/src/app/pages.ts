import { may, type Me, type Permission } from "./session";

export type PageName = "calls";

/** What one must be allowed to do for a page to be of use, in the order of the menu. */
const NEEDED: readonly (readonly [PageName, Permission])[] = [["calls", "calls.read"]];

export function pagesFor(me: Me): PageName[] {
  return NEEDED.filter(([, permission]) => may(me, permission)).map(([name]) => name);
}
