import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, TimePicker, Typography } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { endsNextDay, entered, furtherInterval, type Interval } from "./hours";

interface Shown {
  /** Of which day, for those who cannot see the row. */
  day: string;
  hours: readonly Interval[];
  onChange: (hours: Interval[]) => void;
}

/** The hours of one day. */
export function IntervalsField({ day, hours, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const set = (place: number, interval: Interval): void =>
    onChange(hours.map((one, other) => (other === place ? interval : one)));
  return (
    <Flex vertical gap={4}>
      {hours.map((interval, place) => (
        // An interval has nothing of its own but its place.
        <Flex key={place} gap={4} align="center">
          <TimePicker.RangePicker
            aria-label={t("schedules.interval", { day })}
            size="small"
            format="HH:mm"
            minuteStep={5}
            order={false}
            needConfirm={false}
            allowClear={false}
            style={{ width: 160 }}
            value={[timeOf(interval[0]), timeOf(interval[1])]}
            onChange={(times) => {
              const [from, to] = times ?? [];
              if (from && to) {
                set(place, entered(from.format("HH:mm"), to.format("HH:mm")));
              }
            }}
          />
          {endsNextDay(interval) && <Typography.Text type="secondary">{t("schedules.nextDay")}</Typography.Text>}
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t("schedules.removeInterval")}
            onClick={() => onChange(hours.filter((_, other) => other !== place))}
          />
          {place === hours.length - 1 && (
            <Button
              type="text"
              size="small"
              icon={<PlusOutlined />}
              aria-label={t("schedules.addInterval")}
              title={t("schedules.addInterval")}
              onClick={() => onChange([...hours, furtherInterval(hours)])}
            />
          )}
        </Flex>
      ))}
    </Flex>
  );
}

function timeOf(clock: string): dayjs.Dayjs {
  return dayjs(`2000-01-01T${clock === "24:00" ? "00:00" : clock}`);
}
