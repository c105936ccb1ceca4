import { CalendarOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Modal, Select, TimePicker, Typography } from "antd";
import dayjs from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { OwnDays, Weekly as OfWeek } from "../../schedules/hours";
import { OwnDaysField } from "../../schedules/OwnDaysField";
import { isRecord } from "../graph";
import { wordsFor } from "../shown";
import { EntriesField, freeExit, type Entry } from "./lists";
import { DAYS, linesOf, weeklyOf, type Hours, type Weekly } from "./weekly";

const WORKDAYS: Hours = { days: ["1", "2", "3", "4", "5"], from: "09:00", to: "18:00" };

/** Times of the week that have an exit of their own: peak hours, nights. */
export function PeriodsField({ value, onChange }: { value: unknown; onChange: (entries: Entry[]) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <EntriesField
      value={value}
      onChange={onChange}
      add={t("flows.addPeriod")}
      fresh={(entries) => ({ exit: freeExit(entries), weekly: weeklyOf([WORKDAYS]) })}
      name={(_, place) => t("flows.periodNumber", { number: place + 1 })}
    >
      {(period, put) => <Period period={period} put={put} />}
    </EntriesField>
  );
}

function Period({ period, put }: { period: Entry; put: (change: Entry) => void }): ReactNode {
  const { t } = useTranslation();
  // A line without days is not kept in the flow, but it must not vanish while one chooses them.
  const [lines, setLines] = useState(() => linesOf(isRecord(period["weekly"]) ? (period["weekly"] as Weekly) : {}));
  const change = (changed: Hours[]): void => {
    setLines(changed);
    put({ weekly: weeklyOf(changed) });
  };
  return (
    <>
      {lines.map((line, place) => (
        <Line
          key={place}
          line={line}
          onChange={(changed) => change(lines.map((one, at) => (at === place ? changed : one)))}
          remove={() => change(lines.filter((_, at) => at !== place))}
        />
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => change([...lines, { ...WORKDAYS, days: [] }])}>
        {t("flows.addHours")}
      </Button>
      <OwnDates period={period} put={put} />
    </>
  );
}

/** The dates on which this period has other hours, on a calendar of their own. */
function OwnDates({ period, put }: { period: Entry; put: (change: Entry) => void }): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const own = (isRecord(period["special_days"]) ? period["special_days"] : {}) as OwnDays;
  const weekly = (isRecord(period["weekly"]) ? period["weekly"] : {}) as OfWeek;
  return (
    <>
      <Button size="small" icon={<CalendarOutlined />} onClick={() => setOpen(true)}>
        {t("flows.ownDates", { count: Object.keys(own).length })}
      </Button>
      <Modal open={isOpen} width={760} title={t("flows.ownDatesTitle")} footer={null} onCancel={() => setOpen(false)}>
        <Typography.Paragraph type="secondary">{t("flows.ownDatesHelp")}</Typography.Paragraph>
        <OwnDaysField weekly={weekly} value={own} onChange={(days) => put({ special_days: days })} />
      </Modal>
    </>
  );
}

function Line({ line, onChange, remove }: { line: Hours; onChange: (line: Hours) => void; remove: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const at = (time: string): dayjs.Dayjs => dayjs(`2000-01-01T${time === "24:00" ? "00:00" : time}`);
  return (
    <Flex vertical gap={4}>
      <Select
        mode="multiple"
        aria-label={t("flows.days")}
        placeholder={t("flows.days")}
        value={[...line.days]}
        options={DAYS.map((day) => ({ value: day, label: wordsFor(i18n, `flows.choice.workday_as_${day}`, day) }))}
        onChange={(days: string[]) => onChange({ ...line, days: [...days].sort() })}
      />
      <Flex gap={4}>
        <TimePicker.RangePicker
          format="HH:mm"
          minuteStep={5}
          needConfirm={false}
          order={false}
          allowClear={false}
          style={{ flex: 1 }}
          value={[at(line.from), at(line.to)]}
          onChange={(range) => {
            const [from, to] = [range?.[0], range?.[1]];
            if (from && to) {
              // Midnight as an end is the day's own.
              const end = to.format("HH:mm");
              onChange({ ...line, from: from.format("HH:mm"), to: end === "00:00" ? "24:00" : end });
            }
          }}
        />
        <Button type="text" icon={<DeleteOutlined />} aria-label={t("app.remove")} onClick={remove} />
      </Flex>
    </Flex>
  );
}
