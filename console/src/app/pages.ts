import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from "react";

import { may, type Me, type Permission } from "./session";

/** The parts of the menu, in its order; their words are `nav.<group>`. */
export const GROUPS = ["work", "watch", "records", "hotlines", "centre", "people", "platform"] as const;
export type Group = (typeof GROUPS)[number];

/** A page of the console. Each folder of pages has a `pages.tsx` that exports its `pages`. */
export interface PageEntry {
  /** Its address and the key in the menu: `queues` is `/queues`. */
  readonly path: string;
  /** The key of its name in the menu, in the folder's own words. */
  readonly title: string;
  readonly group: Group;
  /** Its place among all pages of the group; leave room between. */
  readonly order: number;
  readonly icon: ReactNode;
  /** What one must be allowed to do for the page to be of use. */
  readonly needs: Permission;
  /** A platform page is about no single enterprise: only operators see it. */
  readonly scope: "enterprise" | "platform" | "both";
  /** Who sees it may depend on more than a permission. */
  readonly when?: (me: Me) => boolean;
  readonly Page: LazyExoticComponent<ComponentType>;
  /** Pages below it, which are not in the menu: `:queueId` is `/queues/:queueId`. */
  readonly below?: readonly { readonly path: string; readonly Page: LazyExoticComponent<ComponentType> }[];
}

/** Each page is a file of its own, fetched when it is first opened. */
export function page(load: () => Promise<{ default: ComponentType }>): LazyExoticComponent<ComponentType> {
  return lazy(load);
}

const FOUND = import.meta.glob<{ pages: readonly PageEntry[] }>("../*/pages.tsx", { eager: true });

const ALL: readonly PageEntry[] = Object.values(FOUND)
  .flatMap((folder) => folder.pages)
  .sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group) || one.order - other.order);

/** The pages that `me` may open, in the order of the menu; `acting` for an operator in an enterprise. */
export function pagesFor(me: Me, acting: boolean): readonly PageEntry[] {
  const scopes = me.enterprise_id !== null ? ["enterprise", "both"] : ["platform", "both", ...(acting ? ["enterprise"] : [])];
  return ALL.filter(
    (entry) => scopes.includes(entry.scope) && may(me, entry.needs) && (entry.when?.(me) ?? true),
  );
}
