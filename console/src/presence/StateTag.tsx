import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { STATE_COLOURS } from "./states";

/** What an agent is doing, with why. */
export function StateTag({ state, reason = "" }: { state: string; reason?: string }): ReactNode {
  const { t } = useTranslation();
  const why = reason && t(`presence.reason.${reason}`, reason);
  return (
    <Tag color={STATE_COLOURS[state] ?? "default"} style={{ margin: 0 }}>
      {t(`presence.state.${state}`, state)}
      {why && ` · ${why}`}
    </Tag>
  );
}
