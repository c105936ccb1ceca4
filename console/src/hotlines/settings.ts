import type { DryRunResult, Hotline, HotlineChange } from "./data";

/** What the form edits: the settings, whether a flow takes the place of the plain ones, and whether there is a menu. */
export interface Settings extends HotlineChange {
  way: "plain" | "flow";
  has_menu: boolean;
}

/** What a new menu begins with. */
const NEW_MENU: NonNullable<HotlineChange["menu"]> = { prompt_id: null, keys: [], tries: 2, timeout: 5 };

export function settingsOf(hotline: Hotline): Settings {
  const { name, schedule_id, group_id, greeting_prompt_id, closed_prompt_id, failed_prompt_id, regions } = hotline;
  const { recording, recording_notice_prompt_id, caller_id_mode, whisper, survey_id, flow_id, menu } = hotline;
  return {
    way: flow_id === null ? "plain" : "flow",
    has_menu: menu !== null,
    menu: menu ?? NEW_MENU,
    ...{ name, schedule_id, group_id, greeting_prompt_id, closed_prompt_id, failed_prompt_id, regions },
    ...{ recording, recording_notice_prompt_id, caller_id_mode, whisper, survey_id, flow_id },
  };
}

export function changeOf({ way, has_menu: hasMenu, ...settings }: Settings): HotlineChange {
  const { menu, ...others } = settings;
  const kept = { ...others, flow_id: way === "plain" ? null : (settings.flow_id ?? null) };
  if (way === "flow") {
    // Its fields were not shown: what is kept of them stays.
    return kept;
  }
  return { ...kept, menu: hasMenu && menu ? { ...NEW_MENU, ...menu } : null };
}

/** In which tab a setting stands. */
const TAB_OF: Readonly<Record<string, TabName>> = {
  regions: "regions",
  recording: "talk",
  recording_notice_prompt_id: "talk",
  caller_id_mode: "talk",
  whisper: "talk",
  survey_id: "talk",
  name: "about",
};

export const TABS = ["reception", "regions", "talk", "about", "trial"] as const;
export type TabName = (typeof TABS)[number];

export function tabOf(field: string): TabName {
  return TAB_OF[field] ?? "reception";
}

/** The keys of an imagined caller, as they are entered: `1 2 hangup`. */
export function keysOf(entered: string): string[] {
  return entered.split(/[\s,，]+/).filter(Boolean);
}

/**
 * The group that a node of a hotline's plain settings calls: `group` is its own, `group-1` and on are
 * those of its regions in their order. null for other nodes, and where a flow takes their place.
 */
export function groupOf({ flow_id, group_id, regions }: Hotline, { node }: DryRunResult["path"][number]): string | null {
  const place = /^group(?:-(\d+))?$/.exec(node);
  if (flow_id !== null || place === null) {
    return null;
  }
  const ofRegions = [...new Set(regions.map((region) => region.group_id))];
  return place[1] === undefined ? group_id : (ofRegions[Number(place[1]) - 1] ?? null);
}
