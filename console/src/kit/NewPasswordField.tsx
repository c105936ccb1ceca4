import { Button, Form, Input, Space } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { inventedPassword } from "./passwords";

interface Shown {
  name: string | (string | number)[];
  isRequired?: boolean;
  label?: string;
  extra?: string;
}

/** A password for somebody else: typed, or invented and then readable, to be passed on. */
export function NewPasswordField({ name, isRequired = false, label, extra }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={name}
      label={label ?? t("kit.password.label")}
      extra={extra ?? t("kit.password.help")}
      rules={isRequired ? [{ required: true, message: t("app.required") }] : []}
    >
      <PasswordInput />
    </Form.Item>
  );
}

interface InputShown {
  id?: string;
  value?: string;
  onChange?: (password: string) => void;
}

function PasswordInput({ id, value, onChange }: InputShown): ReactNode {
  const { t } = useTranslation();
  return (
    <Space.Compact block>
      <Input
        {...(id && { id })}
        value={value ?? ""}
        maxLength={128}
        autoComplete="new-password"
        spellCheck={false}
        style={{ fontFamily: "monospace" }}
        onChange={(event) => onChange?.(event.target.value)}
      />
      <Button onClick={() => onChange?.(inventedPassword())}>{t("kit.password.invent")}</Button>
    </Space.Compact>
  );
}
