import { Flex, theme } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { CalendarYear } from "./data";
import { WEEKDAYS, weekdayOf, weeksOf, type OwnDays, type Weekly } from "./hours";
import { useHoursInWords } from "./WeekInWords";

type PublicDay = CalendarYear["days"][number];

interface Shown {
  month: dayjs.Dayjs;
  weekly: Weekly;
  own: OwnDays;
  calendar: readonly PublicDay[];
  open: (day: string) => void;
}

/** A month with the hours of each day. */
export function MonthGrid({ month, weekly, own, calendar, open }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(7, minmax(0, 1fr))", gap: 4 }}>
      {WEEKDAYS.map((day) => (
        <div key={day} style={{ textAlign: "center", opacity: 0.65 }}>
          {t(`schedules.weekday.${day}`)}
        </div>
      ))}
      {weeksOf(month)
        .flat()
        .map((day) => {
          const iso = day.format("YYYY-MM-DD");
          return (
            <Day
              key={iso}
              day={day}
              inMonth={day.isSame(month, "month")}
              hours={own[iso] ?? weekly[weekdayOf(day)] ?? []}
              isOwn={iso in own}
              publicDay={calendar.find((one) => one.day === iso)}
              open={() => open(iso)}
            />
          );
        })}
    </div>
  );
}

interface DayShown {
  day: dayjs.Dayjs;
  inMonth: boolean;
  hours: Parameters<ReturnType<typeof useHoursInWords>>[0];
  isOwn: boolean;
  publicDay: PublicDay | undefined;
  open: () => void;
}

function Day({ day, inMonth, hours, isOwn, publicDay, open }: DayShown): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const words = useHoursInWords()(hours);
  const isToday = day.isSame(dayjs(), "day");
  const isOff = publicDay?.kind === "holiday";
  return (
    <button
      type="button"
      onClick={open}
      aria-label={[day.format("YYYY-MM-DD"), publicDay?.name, words].filter(Boolean).join(" ")}
      style={{
        minHeight: 62,
        padding: "4px 6px",
        textAlign: "start",
        cursor: "pointer",
        font: "inherit",
        color: inMonth ? token.colorText : token.colorTextQuaternary,
        background: isOwn ? token.colorPrimaryBg : token.colorBgContainer,
        border: `1px solid ${isToday ? token.colorPrimary : isOwn ? token.colorPrimaryBorder : token.colorBorderSecondary}`,
        borderRadius: token.borderRadius,
      }}
    >
      <Flex justify="space-between" gap={4}>
        <strong>{day.date()}</strong>
        {publicDay && (
          <span style={{ fontSize: 12, whiteSpace: "nowrap", color: isOff ? token.colorError : token.colorSuccess }}>
            {isOff ? publicDay.name : ""}
            {isOff ? t("schedules.holiday") : t("schedules.workday")}
          </span>
        )}
      </Flex>
      <div style={{ fontSize: 12, color: hours.length === 0 || !inMonth ? token.colorTextTertiary : token.colorTextSecondary }}>
        {words}
      </div>
    </button>
  );
}
