import { Badge } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useIsOpen } from "./data";

/** Whether it is open, now or at an instant. */
export function OpenNow({ id, at = null }: { id: string; at?: string | null }): ReactNode {
  const { t } = useTranslation();
  const isOpen = useIsOpen(id, at);
  if (isOpen === undefined) {
    return "…";
  }
  return <Badge status={isOpen ? "success" : "default"} text={isOpen ? t("schedules.open") : t("schedules.closed")} />;
}
