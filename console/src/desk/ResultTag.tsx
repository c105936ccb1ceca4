import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { OwnCallRecord } from "./data";

const COLOURS: Readonly<Record<string, string>> = { answered: "green", no_answer: "orange", rejected: "orange" };
const RESULTS = ["answered", "busy", "no_answer", "rejected", "unreachable", "cancelled"] as const;

/** How a call came out for the agent. */
export function ResultTag({ call }: { call: OwnCallRecord }): ReactNode {
  const { t } = useTranslation();
  const result = RESULTS.find((one) => one === call.result);
  if (!result) {
    return call.ended_at ? null : <Tag color="blue">{t("desk.result.going_on")}</Tag>;
  }
  return <Tag color={COLOURS[result] ?? "default"}>{t(`desk.result.${result}`)}</Tag>;
}
