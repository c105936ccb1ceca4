import { Button, Checkbox, Form, Input, Popconfirm, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useEventTypes, useRenewSecret, useSaveWebhook, type Webhook, type WebhookValues } from "./data";

const NEW: WebhookValues = { url: "", description: "", events: ["call.ended"] };

interface Shown {
  /** null: a new one. */
  seen: Webhook | null;
  /** A secret came into being: it is to be shown now. */
  secretMade: (secret: string) => void;
  close: () => void;
}

export function WebhookDrawer({ seen, secretMade, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveWebhook(seen);
  const types = useEventTypes().data ?? [];
  const send = async (values: WebhookValues): Promise<void> => {
    const secret = await save.mutateAsync(values);
    if (secret !== null) {
      secretMade(secret);
    }
  };
  return (
    <FormDrawer<WebhookValues>
      title={seen ? t("webhooks.edit") : t("webhooks.add")}
      initial={seen ?? NEW}
      save={send}
      close={close}
      {...(seen && { extra: <Renew id={seen.id} made={secretMade} /> })}
    >
      <Form.Item
        name="url"
        label={t("webhooks.url")}
        extra={t("webhooks.urlHelp")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={500} spellCheck={false} placeholder="https://crm.example.com/hotline" autoFocus={!seen} />
      </Form.Item>
      <Form.Item name="description" label={t("webhooks.description")}>
        <Input maxLength={200} placeholder={t("webhooks.descriptionPlaceholder")} />
      </Form.Item>
      <Form.Item
        name="events"
        label={t("webhooks.events")}
        rules={[{ required: true, type: "array", min: 1, message: t("webhooks.eventsHelp") }]}
      >
        <Checkbox.Group
          style={{ flexDirection: "column", gap: 8 }}
          options={types.map((value) => ({ value, label: `${t(`webhooks.event.${value}`, { defaultValue: value })} (${value})` }))}
        />
      </Form.Item>
      {seen && (
        <Form.Item name="enabled" label={t("webhooks.enabled")} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
    </FormDrawer>
  );
}

function Renew({ id, made }: { id: string; made: (secret: string) => void }): ReactNode {
  const { t } = useTranslation();
  const renew = useRenewSecret(id);
  return (
    <Popconfirm
      title={t("webhooks.renewThis")}
      description={t("webhooks.renewHelp")}
      styles={{ root: { maxWidth: 340 } }}
      onConfirm={() => renew.mutateAsync(undefined).then(made, () => undefined)}
    >
      <Button loading={renew.isPending}>{t("webhooks.renew")}</Button>
    </Popconfirm>
  );
}
