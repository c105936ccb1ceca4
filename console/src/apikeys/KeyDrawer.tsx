import { DatePicker, Form, Input } from "antd";
import type { Dayjs } from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMe, type Permission } from "../app/session";
import { FormDrawer } from "../kit/FormDrawer";
import { useCreateKey, type MadeApiKey, type Whose } from "./data";
import { scopesFor } from "./scopes";
import { ScopesField } from "./ScopesField";

interface Values {
  name: string;
  scopes: Permission[];
  expires_at?: Dayjs | null;
}

interface Shown {
  whose: Whose;
  made: (key: MadeApiKey) => void;
  close: () => void;
}

/** A new key; who asked for it is shown the key itself once. */
export function KeyDrawer({ whose, made, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const create = useCreateKey(whose);
  const save = async ({ name, scopes, expires_at }: Values): Promise<void> => {
    // The chosen day is included.
    const expires = expires_at?.startOf("day").add(1, "day").toISOString() ?? null;
    made(await create.mutateAsync({ name, scopes, expires_at: expires }));
  };
  return (
    <FormDrawer<Values> title={t("apikeys.add")} initial={{ name: "", scopes: [] }} save={save} close={close} size={640}>
      <Form.Item
        name="name"
        label={t("apikeys.name")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={64} autoFocus placeholder={t("apikeys.namePlaceholder")} />
      </Form.Item>
      <Form.Item name="expires_at" label={t("apikeys.expiresLabel")} extra={t("apikeys.expiresHelp")}>
        <DatePicker disabledDate={(day) => day.isBefore(new Date(), "day")} />
      </Form.Item>
      <Form.Item
        name="scopes"
        label={t("apikeys.scopes")}
        tooltip={t("apikeys.scopesHelp")}
        rules={[{ required: true, type: "array", min: 1, message: t("apikeys.chooseScopes") }]}
      >
        <ScopesField offered={scopesFor(me.permissions, whose === "operator")} />
      </Form.Item>
    </FormDrawer>
  );
}
