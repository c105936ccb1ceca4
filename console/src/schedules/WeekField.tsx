import { CopyOutlined } from "@ant-design/icons";
import { Button, Dropdown, Flex, Switch, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { furtherInterval, PRESETS, WEEKDAYS, type Interval, type Weekday, type Weekly } from "./hours";
import { IntervalsField } from "./IntervalsField";

interface Shown {
  /** Come from the form's item. */
  value?: Weekly;
  onChange?: (weekly: Weekly) => void;
}

const WORKDAYS: readonly Weekday[] = ["1", "2", "3", "4", "5"];
const NAMES = ["office", "daily", "always"] as const satisfies readonly (keyof typeof PRESETS)[];

/** The hours of a week, day by day. */
export function WeekField({ value = {}, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const setDays = (days: readonly Weekday[], hours: Interval[]): void =>
    onChange?.({ ...value, ...Object.fromEntries(days.map((day) => [day, hours])) });
  return (
    <Flex vertical gap={6}>
      <Flex gap={8} align="center" wrap style={{ marginBottom: 4 }}>
        <Typography.Text type="secondary">{t("schedules.presets")}</Typography.Text>
        {NAMES.map((name) => (
          <Button key={name} size="small" onClick={() => onChange?.(PRESETS[name])}>
            {t(`schedules.preset.${name}`)}
          </Button>
        ))}
      </Flex>
      {WEEKDAYS.map((day) => (
        <Day
          key={day}
          name={t(`schedules.weekday.${day}`)}
          hours={value[day] ?? []}
          set={(hours) => setDays([day], hours)}
          copyTo={(days) => setDays(days, value[day] ?? [])}
        />
      ))}
    </Flex>
  );
}

interface DayShown {
  name: string;
  hours: Interval[];
  set: (hours: Interval[]) => void;
  copyTo: (days: readonly Weekday[]) => void;
}

function Day({ name, hours, set, copyTo }: DayShown): ReactNode {
  const { t } = useTranslation();
  const isOpen = hours.length > 0;
  return (
    <Flex gap={12} align="start" style={{ minHeight: 32 }}>
      <Typography.Text style={{ width: 36, lineHeight: "24px" }}>{name}</Typography.Text>
      <Switch
        size="small"
        aria-label={t("schedules.isOpen", { day: name })}
        checked={isOpen}
        onChange={(open) => set(open ? [furtherInterval([])] : [])}
        style={{ marginTop: 4 }}
      />
      <div style={{ flex: 1 }}>
        {isOpen ? (
          <IntervalsField day={name} hours={hours} onChange={set} />
        ) : (
          <Typography.Text type="secondary" style={{ lineHeight: "24px" }}>
            {t("schedules.closedDay")}
          </Typography.Text>
        )}
      </div>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "workdays", label: t("schedules.copyWorkdays"), onClick: () => copyTo(WORKDAYS) },
            { key: "all", label: t("schedules.copyAll"), onClick: () => copyTo(WEEKDAYS) },
          ],
        }}
      >
        <Button
          type="text"
          size="small"
          icon={<CopyOutlined />}
          aria-label={`${name} ${t("schedules.copy")}`}
          title={t("schedules.copy")}
        />
      </Dropdown>
    </Flex>
  );
}
