import { Form, InputNumber, Select, Switch } from "antd";
import type { ReactNode } from "react";

interface Field {
  name: string;
  label: string;
  help?: string;
}

/** Fields side by side, as many as there is room for. */
export function Grid({ children }: { children: ReactNode }): ReactNode {
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(300px, 1fr))", columnGap: 24 }}>
      {children}
    </div>
  );
}

export function NumberField({ name, label, help, min, max }: Field & { min: number; max: number }): ReactNode {
  return (
    <Form.Item name={name} label={label} extra={help}>
      <InputNumber min={min} max={max} style={{ width: "100%" }} />
    </Form.Item>
  );
}

export function SwitchField({ name, label, help }: Field): ReactNode {
  return (
    <Form.Item name={name} label={label} extra={help} valuePropName="checked">
      <Switch />
    </Form.Item>
  );
}

const KEYS = [..."1234567890*#"].map((key) => ({ value: key, label: key }));

/** A key of a telephone; none where it is empty. */
export function KeyField({ name, label, help }: Field): ReactNode {
  return (
    <Form.Item name={name} label={label} extra={help}>
      <Select allowClear options={KEYS} />
    </Form.Item>
  );
}
