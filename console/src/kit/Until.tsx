import { DatePicker, Typography } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { endOfDay, lastDayOf } from "./until";

/** The last day on which something holds. */
export function Until({ until }: { until: string | null }): ReactNode {
  const { t } = useTranslation();
  if (until === null) {
    return t("kit.until.forever");
  }
  const day = lastDayOf(until);
  return dayjs(until).isBefore(dayjs()) ? (
    <Typography.Text type="secondary">
      {day} {t("kit.until.over")}
    </Typography.Text>
  ) : (
    day
  );
}

interface Shown {
  id?: string;
  /** The instant at which it ends; comes from the form's item. */
  value?: string | null;
  onChange?: (until: string | null) => void;
}

/** Chooses the last day on which something holds. */
export function UntilPicker({ id, value, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <DatePicker
      {...(id && { id })}
      style={{ width: "100%" }}
      placeholder={t("kit.until.forever")}
      minDate={dayjs()}
      value={value ? dayjs(lastDayOf(value)) : null}
      onChange={(day) => onChange?.(day ? endOfDay(day.format("YYYY-MM-DD")) : null)}
    />
  );
}
