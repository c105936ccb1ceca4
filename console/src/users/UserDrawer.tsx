import type { UseMutationResult } from "@tanstack/react-query";
import { Alert, Form, Input, Radio, Switch, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { NewPasswordField } from "../kit/NewPasswordField";
import type { Role, User, UserValues } from "./data";

interface Shown {
  /** null: a new one. */
  seen: User | null;
  title: string;
  /** Those that can be chosen from; with one alone there is nothing to choose. */
  roles: readonly Role[];
  save: UseMutationResult<User, Error, UserValues>;
  close: () => void;
}

/** Someone who can sign in. */
export function UserDrawer({ seen, title, roles, save, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const required = [{ required: true, whitespace: true, message: t("app.required") }];
  const fallback = roles.at(-1) ?? "agent";
  return (
    <FormDrawer<UserValues>
      title={title}
      initial={seen ? { ...seen, enabled: seen.status === "active" } : { role: fallback, enabled: true }}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="name" label={t("users.name")} rules={required}>
        <Input maxLength={64} autoComplete="off" autoFocus={seen === null} />
      </Form.Item>
      <Form.Item name="login" label={t("users.login")} rules={required} {...(!seen && { extra: t("users.loginHelp") })}>
        <Input maxLength={64} autoComplete="off" spellCheck={false} disabled={seen !== null} />
      </Form.Item>
      {roles.length > 1 && <RoleFields roles={roles} isNew={seen === null} />}
      {seen ? (
        <>
          <NewPasswordField name="password" label={t("users.newPassword")} extra={t("users.newPasswordHelp")} />
          <Form.Item name="enabled" label={t("users.enabled")} valuePropName="checked" extra={t("users.enabledHelp")}>
            <Switch />
          </Form.Item>
        </>
      ) : (
        <NewPasswordField name="password" isRequired />
      )}
    </FormDrawer>
  );
}

function RoleFields({ roles, isNew }: { roles: readonly Role[]; isNew: boolean }): ReactNode {
  const { t } = useTranslation();
  const chosen = Form.useWatch<Role | undefined>("role");
  return (
    <>
      <Form.Item name="role" label={t("users.role")}>
        <Radio.Group
          vertical
          options={roles.map((role) => ({
            value: role,
            label: (
              <>
                {t(`role.${role}`)} <Typography.Text type="secondary">{t(`users.roleHelp.${role}`)}</Typography.Text>
              </>
            ),
          }))}
        />
      </Form.Item>
      {isNew && chosen === "agent" && (
        <Alert type="info" showIcon title={t("users.agentNext")} style={{ marginBottom: 24 }} />
      )}
    </>
  );
}
