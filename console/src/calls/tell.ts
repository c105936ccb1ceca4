import type { TFunction } from "i18next";

import { duration, phone } from "../kit/format";
import type { Names } from "../kit/names";
import type { CallDetail } from "./data";

type CallEvent = CallDetail["events"][number];
type Facts = Readonly<Record<string, unknown>>;

/** One thing that happened in a call, as people tell it. */
export interface Told {
  /** The bare fact. */
  words: string;
  /** With whom, by what, why. */
  more: string;
  colour: "blue" | "green" | "red" | "gray" | "orange";
}

const COLOURS: Readonly<Record<string, Told["colour"]>> = {
  arrived: "blue",
  connected: "green",
  answered: "green",
  message_left: "green",
  survey_answered: "green",
  refused: "red",
  failed: "red",
  exhausted: "red",
  agent_offered: "orange",
  transferred: "orange",
  consulting: "orange",
};

/** Tells `event` of `call` in the words of the reader's language. */
export function tell(event: CallEvent, call: CallDetail, names: Names, t: TFunction): Told {
  const facts: Facts = event.data;
  const more = MORE[event.type]?.(facts, { call, names, t }) ?? "";
  const colour = event.type === "leg_ended" && facts["result"] !== "answered" ? "gray" : COLOURS[event.type];
  return { words: t(`calls.event.${event.type}`, event.type), more, colour: colour ?? "gray" };
}

interface Around {
  call: CallDetail;
  names: Names;
  t: TFunction;
}

type Teller = (facts: Facts, around: Around) => string;

const MORE: Readonly<Record<string, Teller>> = {
  arrived: (facts, { t }) =>
    joined(
      facts["direction"] !== undefined && facts["direction"] !== "inbound" && t(`calls.direction.${text(facts["direction"])}`),
      `${phone(text(facts["caller"])) || t("calls.anonymous")} → ${phone(text(facts["dialled"]))}`,
    ),
  refused: (facts, { t }) => joined(reason(facts["rule"], t), text(facts["detail"])),
  prompt_skipped: (facts) => text(facts["prompt"]),
  node_entered: (facts, { t }) =>
    joined(text(facts["title"]), kind(facts["kind"], t), facts["by"] ? t("calls.byExit", { exit: text(facts["by"]) }) : ""),
  variable_set: (facts) => `${text(facts["name"])} = ${text(facts["value"])}`,
  dialling: (facts, { names, t }) =>
    joined(
      t(`calls.legKind.${text(facts["kind"]) || "destination"}`),
      names.agent(facts["agent_id"]) || phone(text(facts["target"])),
    ),
  ringing: legParty,
  connected: legParty,
  answered: legParty,
  consulting: legParty,
  held: legParty,
  unheld: legParty,
  leg_ended: (facts, around) =>
    joined(
      legParty(facts, around),
      around.t(`calls.result.${text(facts["result"])}`, text(facts["result"])),
      facts["sip_code"] ? `SIP ${text(facts["sip_code"])}` : "",
      facts["cause"] ? `Q.850 ${text(facts["cause"])}` : "",
    ),
  transferred: (facts, { names, t }) =>
    joined(
      t(`calls.transfer.${text(facts["how"])}`, text(facts["how"])),
      t(`calls.goal.${text(facts["to"])}`, text(facts["to"])),
      names.queue(facts["target"]) || names.agent(facts["target"]) || phone(text(facts["target"])),
    ),
  exhausted: (facts, { t }) => reason(facts["reason"], t),
  queue_entered: (facts, { names, t }) =>
    joined(names.queue(facts["queue_id"]), facts["priority"] ? t("calls.priority", { priority: text(facts["priority"]) }) : ""),
  agent_offered: (facts, { names, t }) =>
    joined(
      names.queue(facts["queue_id"]),
      names.agent(facts["agent_id"]),
      Number(facts["agents"] ?? 1) > 1 ? t("calls.allRing", { count: Number(facts["agents"]) }) : "",
    ),
  queue_left: (facts, { names, t }) =>
    joined(
      names.queue(facts["queue_id"]),
      t(`calls.exit.${text(facts["reason"])}`, text(facts["reason"])),
      t("calls.waited", { time: duration(Number(facts["waited_ms"] ?? 0)) }),
    ),
  failed: (facts) => text(facts["cause"]),
  message_left: (facts) => (facts["seconds"] ? duration(Number(facts["seconds"]) * 1000) : ""),
  message_dropped: (facts, { t }) => t(`calls.dropped.${text(facts["why"])}`, text(facts["why"])),
  survey_asked: (facts, { names }) => names.agent(facts["agent_id"]),
  survey_answered: (facts, { t }) =>
    `${text(facts["question"])} ${t("calls.answer", { label: text(facts["label"]), key: text(facts["key"]) })}`,
  ended: (facts, { t }) => t(`calls.endedBy.${text(facts["by"])}`, ""),
};

/** Whom an event's leg reached. */
function legParty(facts: Facts, { call, names }: Around): string {
  const leg = call.legs.find((one) => one.position === facts["leg"]);
  return leg ? names.agent(leg.agent_id) || phone(leg.target) : "";
}

function reason(value: unknown, t: TFunction): string {
  return t(`calls.reason.${text(value)}`, text(value));
}

function kind(value: unknown, t: TFunction): string {
  return t(`calls.node.${text(value)}`, text(value));
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function joined(...parts: (string | false)[]): string {
  return parts.filter(Boolean).join(" · ");
}
