import { Flex, Modal, Radio } from "antd";
import dayjs from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { furtherInterval, weekdayOf, type Interval } from "./hours";
import { IntervalsField } from "./IntervalsField";

interface Shown {
  /** `2026-10-01`. */
  day: string;
  /** null: as the week says. */
  hours: readonly Interval[] | null;
  /** The public holiday that it is, or for which it is worked. */
  publicName: string;
  save: (hours: Interval[] | null) => void;
  close: () => void;
}

const CHOICES = ["week", "closed", "own"] as const;
type Choice = (typeof CHOICES)[number];

function choiceOf(hours: readonly Interval[] | null): Choice {
  if (hours === null) {
    return "week";
  }
  return hours.length === 0 ? "closed" : "own";
}

/** What one day is: as the week says, closed, or with hours of its own. */
export function DayDialog({ day, hours, publicName, save, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const [choice, setChoice] = useState(choiceOf(hours));
  const [own, setOwn] = useState<Interval[]>(hours && hours.length > 0 ? [...hours] : [furtherInterval([])]);
  const weekday = t(`schedules.weekday.${weekdayOf(dayjs(day))}`);
  return (
    <Modal
      open
      width={420}
      title={[day, weekday, publicName].filter(Boolean).join(" ")}
      onCancel={close}
      onOk={() => {
        save({ week: null, closed: [], own }[choice]);
        close();
      }}
    >
      <Flex vertical gap={12} style={{ marginBlock: 16 }}>
        <Radio.Group
          vertical
          value={choice}
          options={CHOICES.map((value) => ({ value, label: t(`schedules.ofDay.${value}`) }))}
          onChange={(event) => setChoice(event.target.value as Choice)}
        />
        {choice === "own" && <IntervalsField day={day} hours={own} onChange={setOwn} />}
      </Flex>
    </Modal>
  );
}
