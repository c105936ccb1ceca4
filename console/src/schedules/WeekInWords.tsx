import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isAllDay, stretchesOf, type Interval, type Weekly } from "./hours";

/** `周一至周五 09:00–12:00、13:30–18:00`. */
export function WeekInWords({ weekly }: { weekly: Weekly }): ReactNode {
  const { t } = useTranslation();
  const hoursInWords = useHoursInWords();
  const stretches = stretchesOf(weekly);
  if (stretches.length === 0) {
    return t("schedules.closedDay");
  }
  return stretches
    .map(({ from, to, hours }) => {
      const first = t(`schedules.weekday.${from}`);
      const days = from === to ? first : t("schedules.range", { from: first, to: t(`schedules.weekday.${to}`) });
      return `${days} ${hoursInWords(hours)}`;
    })
    .join("；");
}

/** The hours of a day in words. */
export function useHoursInWords(): (hours: readonly Interval[]) => string {
  const { t } = useTranslation();
  return (hours) => {
    if (hours.length === 0) {
      return t("schedules.closedDay");
    }
    return isAllDay(hours) ? t("schedules.allDay") : hours.map(([from, to]) => `${from}–${to}`).join("、");
  };
}
