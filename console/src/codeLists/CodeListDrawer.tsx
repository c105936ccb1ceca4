import { Form, Input, InputNumber } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useSaveCodeList, type CodeList, type CodeListValues } from "./data";

interface Shown {
  /** null: a new one. */
  seen: CodeList | null;
  saved?: (list: CodeList) => void;
  close: () => void;
}

export function CodeListDrawer({ seen, saved, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveCodeList(seen);
  return (
    <FormDrawer<CodeListValues>
      title={seen ? t("codeLists.edit") : t("codeLists.add")}
      size={420}
      initial={seen ?? { name: "", tries_allowed: 5, lockout_minutes: 30 }}
      save={async (values) => {
        const list = await save.mutateAsync(values);
        saved?.(list);
      }}
      close={close}
    >
      <Form.Item
        name="name"
        label={t("codeLists.name")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={100} placeholder={t("codeLists.namePlaceholder")} autoFocus />
      </Form.Item>
      <Form.Item name="tries_allowed" label={t("codeLists.tries")} extra={t("codeLists.triesHelp")}>
        <InputNumber min={1} max={20} suffix={t("codeLists.times")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="lockout_minutes" label={t("codeLists.lockout")}>
        <InputNumber min={1} max={10_080} suffix={t("app.minutes")} style={{ width: 160 }} />
      </Form.Item>
    </FormDrawer>
  );
}
