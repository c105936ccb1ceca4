import { Form, Input, Radio, Segmented, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { HotlinePicker } from "../kit/pickers";
import { UntilPicker } from "../kit/Until";
import { ACTIONS, MATCHES, useSaveEntry, type Entry, type NewEntry } from "./data";

const NEW: NewEntry = { hotline_id: null, match: "number", pattern: "", action: "reject", until: null, note: "" };

interface Shown {
  /** null: a new one. */
  seen: Entry | null;
  close: () => void;
}

export function EntryDrawer({ seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveEntry(seen);
  return (
    <FormDrawer<NewEntry>
      title={seen ? t("screening.edit") : t("screening.add")}
      initial={seen ?? NEW}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <NumberFields isFixed={seen !== null} />
      <Form.Item name="action" label={t("screening.actionTitle")}>
        <ActionChoice />
      </Form.Item>
      <Form.Item name="hotline_id" label={t("screening.hotline")}>
        <HotlinePicker placeholder={t("screening.everyHotline")} disabled={seen !== null} />
      </Form.Item>
      <Form.Item name="until" label={t("screening.until")} extra={t("screening.untilHelp")}>
        <UntilPicker />
      </Form.Item>
      <Form.Item name="note" label={t("screening.note")}>
        <Input maxLength={200} placeholder={t("screening.notePlaceholder")} />
      </Form.Item>
    </FormDrawer>
  );
}

function NumberFields({ isFixed }: { isFixed: boolean }): ReactNode {
  const { t } = useTranslation();
  const match = Form.useWatch<Entry["match"] | undefined>("match");
  const help = match === "prefix" ? t("screening.prefixHelp") : t("screening.numberHelp");
  return (
    <>
      <Form.Item name="match" label={t("screening.matchTitle")}>
        <Segmented disabled={isFixed} options={MATCHES.map((value) => ({ value, label: t(`screening.match.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="pattern"
        label={t("screening.number")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
        extra={isFixed ? t("screening.fixed") : help}
      >
        <Input inputMode="tel" disabled={isFixed} autoFocus={!isFixed} />
      </Form.Item>
    </>
  );
}

interface ChoiceShown {
  id?: string;
  value?: Entry["action"];
  onChange?: (action: Entry["action"]) => void;
}

/** What happens to the calls, explained. */
export function ActionChoice({ id, value, onChange }: ChoiceShown): ReactNode {
  const { t } = useTranslation();
  return (
    <Radio.Group
      {...(id && { id })}
      vertical
      value={value}
      onChange={(event) => onChange?.(event.target.value as Entry["action"])}
      options={ACTIONS.map((action) => ({
        value: action,
        label: (
          <>
            {t(`screening.action.${action}`)}{" "}
            <Typography.Text type="secondary">{t(`screening.actionHelp.${action}`)}</Typography.Text>
          </>
        ),
      }))}
    />
  );
}
