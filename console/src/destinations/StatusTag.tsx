import { Tag, Tooltip } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { DestinationStatus } from "./data";

const COLOURS: Readonly<Record<DestinationStatus, string>> = {
  pending: "orange",
  approved: "green",
  rejected: "red",
  disabled: "default",
};

/** Whether a destination may be called, and why not. */
export function StatusTag({ status, note = "" }: { status: DestinationStatus; note?: string }): ReactNode {
  const { t } = useTranslation();
  const why = t(`destinations.statusHelp.${status}`);
  return (
    <Tooltip title={note ? `${why}。${t("destinations.reviewNote", { note })}` : why}>
      <Tag color={COLOURS[status]}>{t(`destinations.status.${status}`)}</Tag>
    </Tooltip>
  );
}
