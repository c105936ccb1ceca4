import { Select } from "antd";
import type { ReactNode } from "react";

interface Shown {
  /** `id`, `value` and `onChange` come from the form's item. */
  id?: string;
  value?: string;
  onChange?: (zone: string) => void;
  "aria-label"?: string;
}

export const CHINA = "Asia/Shanghai";
const ZONES = [...new Set([CHINA, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => ({ value: zone, label: zone }));

/** The time zone by whose clocks hours are kept. */
export function TimeZonePicker({ value = CHINA, ...shown }: Shown): ReactNode {
  return <Select {...shown} value={value} showSearch options={ZONES} />;
}
