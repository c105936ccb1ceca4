import { Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { useChange } from "../kit/data";
import { FormDrawer } from "../kit/FormDrawer";

interface Passwords {
  current_password: string;
  new_password: string;
  again: string;
}

/** One's own password. */
export default function PasswordDrawer({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const change = useChange(
    ({ current_password, new_password }: Passwords) =>
      done(api.PUT("/api/v1/session/password", { body: { current_password, new_password } })),
    { touches: [], said: t("account.changed"), quiet: true },
  );
  const required = { required: true, message: t("app.required") };
  return (
    <FormDrawer<Passwords>
      title={t("account.change")}
      initial={{}}
      save={(values) => change.mutateAsync(values)}
      close={close}
      size={440}
    >
      <Form.Item name="current_password" label={t("account.current")} rules={[required]}>
        <Input.Password maxLength={128} autoComplete="current-password" autoFocus />
      </Form.Item>
      <Form.Item name="new_password" label={t("account.new")} extra={t("account.newHelp")} rules={[required]}>
        <Input.Password maxLength={128} autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("account.again")}
        dependencies={["new_password"]}
        rules={[
          required,
          ({ getFieldValue }) => ({
            validator: (_, typed: string) =>
              !typed || typed === getFieldValue("new_password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("account.differs"))),
          }),
        ]}
      >
        <Input.Password maxLength={128} autoComplete="new-password" />
      </Form.Item>
    </FormDrawer>
  );
}
