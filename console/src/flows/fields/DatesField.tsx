import { DatePicker } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";

const ISO = "YYYY-MM-DD";

interface Shown {
  value: unknown;
  onChange: (days: string[]) => void;
  label: string;
}

/** Any number of days. */
export function DatesField({ value, onChange, label }: Shown): ReactNode {
  const days = Array.isArray(value) ? value.map((day) => dayjs(String(day))) : [];
  return (
    <div role="group" aria-label={label}>
      <DatePicker
        multiple
        style={{ width: "100%" }}
        value={days}
        onChange={(chosen) => onChange((chosen ?? []).map((day) => day.format(ISO)).sort())}
      />
    </div>
  );
}
