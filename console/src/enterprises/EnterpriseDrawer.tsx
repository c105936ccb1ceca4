import { Divider, Form, Input, InputNumber, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { NewPasswordField } from "../kit/NewPasswordField";
import { useChangeEnterprise, useCreateEnterprise, type Enterprise, type EnterpriseValues, type NewEnterprise } from "./data";

/** A new enterprise and who will set it up. */
export function NewEnterpriseDrawer({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const create = useCreateEnterprise();
  const required = [{ required: true, whitespace: true, message: t("app.required") }];
  return (
    <FormDrawer<NewEnterprise>
      title={t("enterprises.add")}
      initial={{ name: "" }}
      save={(values) => create.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="name" label={t("enterprises.name")} rules={required}>
        <Input maxLength={64} autoFocus />
      </Form.Item>
      <Divider titlePlacement="start" plain>
        {t("enterprises.administrator")}
      </Divider>
      <Typography.Paragraph type="secondary">{t("enterprises.administratorHint")}</Typography.Paragraph>
      <Form.Item name={["administrator", "name"]} label={t("enterprises.person")} rules={required}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name={["administrator", "login"]}
        label={t("enterprises.login")}
        extra={t("enterprises.loginHelp")}
        rules={required}
      >
        <Input maxLength={64} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <NewPasswordField name={["administrator", "password"]} isRequired />
    </FormDrawer>
  );
}

interface Shown {
  enterprise: Enterprise;
  close: () => void;
}

export function ChangeEnterpriseDrawer({ enterprise, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const change = useChangeEnterprise(enterprise.id);
  return (
    <FormDrawer<EnterpriseValues>
      title={t("enterprises.edit")}
      initial={enterprise}
      save={(values) => change.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t("enterprises.name")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item
        name="credit_limit"
        label={t("enterprises.creditLimit")}
        extra={t("enterprises.creditHelp")}
        rules={[{ required: true, message: t("app.required") }]}
      >
        {/* As text: money is never a float. */}
        <InputNumber<string> stringMode min="0" precision={2} prefix="¥" style={{ width: 200 }} />
      </Form.Item>
      <Form.Item label={t("enterprises.own.id")}>
        <Typography.Text copyable code>
          {enterprise.id}
        </Typography.Text>
      </Form.Item>
    </FormDrawer>
  );
}
