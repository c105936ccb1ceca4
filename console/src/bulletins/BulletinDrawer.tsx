import { Checkbox, DatePicker, Form, Input, Typography } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { QueuePicker } from "../kit/pickers";
import { useSaveBulletin, type Bulletin, type Said } from "./data";

const EMPTY: Said = { title: "", body: "", important: false, queue_id: null, shows_from: null, shows_until: null };

/** Posts a bulletin, or changes one. */
export function BulletinDrawer({ bulletin, close }: { bulletin: Bulletin | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveBulletin(bulletin, t("app.saved"));
  return (
    <FormDrawer<Said>
      title={bulletin ? t("bulletins.edit") : t("bulletins.add")}
      size={520}
      initial={bulletin ?? EMPTY}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="title" label={t("bulletins.name")} rules={[{ required: true, whitespace: true, message: t("app.required") }]}>
        <Input maxLength={100} placeholder={t("bulletins.nameExample")} />
      </Form.Item>
      <Form.Item name="body" label={t("bulletins.body")}>
        <Input.TextArea rows={8} maxLength={4000} showCount placeholder={t("bulletins.bodyExample")} />
      </Form.Item>
      <Form.Item name="important" valuePropName="checked" extra={t("bulletins.importantHelp")}>
        <Checkbox>{t("bulletins.important")}</Checkbox>
      </Form.Item>
      <Form.Item name="queue_id" label={t("bulletins.audience")} extra={t("bulletins.audienceHelp")}>
        <QueuePicker placeholder={t("bulletins.everybody")} />
      </Form.Item>
      <Form.Item name="shows_from" label={t("bulletins.from")}>
        <InstantPicker placeholder={t("bulletins.atOnce")} />
      </Form.Item>
      <Form.Item name="shows_until" label={t("bulletins.until")}>
        <InstantPicker placeholder={t("bulletins.untilRemoved")} />
      </Form.Item>
      {bulletin && <Typography.Text type="secondary">{t("bulletins.readAgain")}</Typography.Text>}
    </FormDrawer>
  );
}

interface Shown {
  id?: string;
  placeholder: string;
  value?: string | null;
  onChange?: (at: string | null) => void;
}

/** A day and time of it, to the minute. */
function InstantPicker({ id, placeholder, value, onChange }: Shown): ReactNode {
  return (
    <DatePicker
      {...(id && { id })}
      showTime={{ format: "HH:mm" }}
      format="YYYY-MM-DD HH:mm"
      placeholder={placeholder}
      style={{ width: "100%" }}
      value={value ? dayjs(value) : null}
      onChange={(at) => onChange?.(at ? at.toISOString() : null)}
    />
  );
}
