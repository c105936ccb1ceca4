import type { CheckedQueue, OverflowTarget, QueueValues } from "./data";

export const EXITS = ["timeout", "full", "nobody", "leave"] as const;
export type Exit = (typeof EXITS)[number];

/** A skill that is asked for, as a row of a form. */
export interface SkillRow {
  skill: string;
  level: number;
}

/** A queue's settings as a form edits them: what the server keeps as tables are rows here. */
export type Settings = Omit<QueueValues, "overflow" | "skills"> & {
  overflow: Partial<Record<Exit, OverflowTarget | null>>;
  skills: { after: number; skills: SkillRow[] }[];
};

/** Which settings stand in which tab; what is in none stands in the first. */
const TABS_OF_FIELDS: Readonly<Record<string, TabName>> = {
  music_prompt_id: "waiting",
  busy_prompt_id: "waiting",
  announce_every: "waiting",
  announce_position: "waiting",
  announce_wait: "waiting",
  max_wait: "waiting",
  max_length: "waiting",
  leave_when_empty: "waiting",
  key_voicemail: "leaving",
  key_callback: "leaving",
  key_leave: "leaving",
  callback_tries: "leaving",
  callback_pause: "leaving",
  overflow: "leaving",
  skills: "people",
  sticky_minutes: "people",
  sticky_wait: "people",
  vip_list_id: "people",
  vip_priority: "people",
  wrap_up_seconds: "after",
  recording: "after",
  whisper: "after",
  survey_id: "after",
};

export const TABS = ["members", "basics", "waiting", "leaving", "people", "after"] as const;
export type TabName = (typeof TABS)[number];

export function tabOf(field: string): TabName {
  return TABS_OF_FIELDS[field] ?? "basics";
}

export function settingsOf(queue: CheckedQueue): Settings {
  return {
    ...queue,
    overflow: queue.overflow ?? {},
    skills: (queue.skills ?? []).map((step) => ({
      after: step.after,
      skills: Object.entries(step.skills).map(([skill, level]) => ({ skill, level })),
    })),
  };
}

const NOT_SETTINGS = new Set(["id", "created_at", "updated_at", "version", "problems"]);

/** What a form's settings are for the server. Fields that a form leaves empty are nothing, not "". */
export function changeOf(settings: Settings): QueueValues {
  const plain = Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => !NOT_SETTINGS.has(name))
      .map(([name, value]) => [name, value === "" || value === undefined ? null : value]),
  );
  return {
    ...(plain as QueueValues),
    overflow: Object.fromEntries(
      EXITS.flatMap((exit) => (settings.overflow[exit] ? [[exit, settings.overflow[exit]]] : [])),
    ),
    skills: settings.skills.map((step) => ({
      after: step.after,
      skills: Object.fromEntries(step.skills.map(({ skill, level }) => [skill, level])),
    })),
  };
}
