import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { App, Button, Flex, Tooltip, Typography } from "antd";
import dayjs from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useCalendar } from "./data";
import { DayDialog } from "./DayDialog";
import { withHolidays, type Interval, type OwnDays, type Weekly } from "./hours";
import { MonthGrid } from "./MonthGrid";

interface Shown {
  weekly: Weekly;
  /** Come from the form's item. */
  value?: OwnDays;
  onChange?: (days: OwnDays) => void;
}

/** A calendar on which days get hours of their own. */
export function OwnDaysField({ weekly, value = {}, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [month, setMonth] = useState(() => dayjs().startOf("month"));
  const [opened, setOpened] = useState<string | null>(null);
  const year = month.year();
  const calendar = useCalendar(year).data;

  const fill = (): void => {
    if (!calendar?.known) {
      void message.info(t("schedules.fillUnknown", { year }));
      return;
    }
    const { days, closed, worked } = withHolidays(value, calendar.days, weekly);
    if (closed + worked === 0) {
      void message.info(t("schedules.fillNothing", { year }));
      return;
    }
    onChange?.(days);
    void message.success(t("schedules.filled", { closed, worked }));
  };
  const set = (day: string, hours: Interval[] | null): void => {
    const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== day));
    onChange?.(hours === null ? rest : { ...rest, [day]: hours });
  };
  return (
    <Flex vertical gap={8}>
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Flex align="center" gap={4}>
          <Button
            type="text"
            icon={<LeftOutlined />}
            aria-label={t("schedules.previous")}
            onClick={() => setMonth(month.subtract(1, "month"))}
          />
          <Typography.Text strong style={{ width: 120, textAlign: "center" }} aria-live="polite">
            {month.format(t("schedules.monthForm"))}
          </Typography.Text>
          <Button
            type="text"
            icon={<RightOutlined />}
            aria-label={t("schedules.following")}
            onClick={() => setMonth(month.add(1, "month"))}
          />
          <Button type="text" onClick={() => setMonth(dayjs().startOf("month"))}>
            {t("schedules.today")}
          </Button>
        </Flex>
        <Tooltip title={t("schedules.fillHelp")}>
          <Button onClick={fill}>{t("schedules.fill", { year })}</Button>
        </Tooltip>
      </Flex>
      <MonthGrid month={month} weekly={weekly} own={value} calendar={calendar?.days ?? []} open={setOpened} />
      {opened !== null && (
        <DayDialog
          day={opened}
          hours={value[opened] ?? null}
          publicName={calendar?.days.find((one) => one.day === opened)?.name ?? ""}
          save={(hours) => set(opened, hours)}
          close={() => setOpened(null)}
        />
      )}
    </Flex>
  );
}
