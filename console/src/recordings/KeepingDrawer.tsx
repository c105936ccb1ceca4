import { Alert, Form, InputNumber } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useKeepingRules, useSaveKeepingRules, type KeepingRules } from "./data";

/** For how many days sounds are kept. */
export function KeepingDrawer({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const rules = useKeepingRules();
  const save = useSaveKeepingRules(t("app.saved"));
  if (!rules.data) {
    return null;
  }
  const field = (name: keyof KeepingRules, label: string): ReactNode => (
    <Form.Item name={name} label={label}>
      <InputNumber min={1} max={36500} suffix={t("recordings.days")} style={{ width: 180 }} />
    </Form.Item>
  );
  return (
    <FormDrawer<KeepingRules>
      title={t("recordings.keeping")}
      size={440}
      initial={rules.data}
      save={(values) =>
        save.mutateAsync({ recording_days: values.recording_days ?? null, message_days: values.message_days ?? null })
      }
      close={close}
    >
      <Alert type="info" title={t("recordings.keepingHelp")} style={{ marginBottom: 16 }} />
      {field("recording_days", t("recordings.recordingDays"))}
      {field("message_days", t("recordings.messageDays"))}
    </FormDrawer>
  );
}
