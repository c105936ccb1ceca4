import { Select } from "antd";
import type { CSSProperties, ReactNode } from "react";

import { useAllEnterprises } from "./data";

interface Shown {
  id?: string;
  value?: string | null;
  onChange?: (id: string | null) => void;
  placeholder?: string;
  disabled?: boolean;
  style?: CSSProperties;
  "aria-label"?: string;
}

/** One enterprise, for the operator. */
export function EnterprisePicker({ value, onChange, style, ...rest }: Shown): ReactNode {
  const { data, isLoading } = useAllEnterprises();
  return (
    <Select
      {...rest}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      loading={isLoading}
      style={{ width: "100%", ...style }}
      value={value ?? null}
      options={(data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(chosen?: string) => onChange?.(chosen ?? null)}
    />
  );
}
