import { Form, Input, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { EnterprisePicker } from "../enterprises/EnterprisePicker";
import { phone } from "../kit/format";
import { FormDrawer } from "../kit/FormDrawer";
import { STATUSES, useSaveNumber, type AssignedNumber, type NumberValues } from "./data";

interface Shown {
  /** null: one that is assigned now. */
  seen: AssignedNumber | null;
  /** Which is assigned, where that is chosen already. */
  number?: string;
  close: () => void;
}

export function NumberDrawer({ seen, number = "", close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveNumber(seen);
  const required = [{ required: true, message: t("app.required") }];
  return (
    <FormDrawer<NumberValues>
      title={seen ? t("numbers.edit") : t("numbers.add")}
      initial={seen ?? { number: phone(number), name: "", status: "active", concurrent_limit: null }}
      save={(values) => save.mutateAsync(values)}
      close={close}
      size={480}
    >
      <Form.Item name="enterprise_id" label={t("numbers.enterprise")} rules={required}>
        <EnterprisePicker disabled={seen !== null} />
      </Form.Item>
      <Form.Item name="number" label={t("numbers.number")} rules={required} extra={t("numbers.numberHelp")}>
        <Input inputMode="tel" maxLength={40} />
      </Form.Item>
      <Form.Item name="name" label={t("numbers.name")} rules={required}>
        <Input maxLength={100} disabled={seen !== null} placeholder={t("numbers.namePlaceholder")} />
      </Form.Item>
      <Form.Item name="concurrent_limit" label={t("numbers.lines")} extra={t("numbers.linesHelp")}>
        <InputNumber min={1} max={10_000} placeholder={t("numbers.unlimited")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="status" label={t("numbers.statusTitle")}>
        <Select style={{ width: 160 }} options={STATUSES.map((value) => ({ value, label: t(`numbers.status.${value}`) }))} />
      </Form.Item>
    </FormDrawer>
  );
}
