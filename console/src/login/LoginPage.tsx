import { Alert, Button, Card, Flex, Form, Input, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../app/preferences";
import { useSignIn } from "../app/session";

interface Credentials {
  login: string;
  password: string;
}

export function LoginPage(): ReactNode {
  const { t } = useTranslation();
  const { language, setLanguage } = usePreferences();
  const signIn = useSignIn();
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit({ login, password }: Credentials): Promise<void> {
    setBusy(true);
    setRefused(null);
    try {
      await signIn(login.trim().toLowerCase(), password);
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <Flex vertical align="center" justify="center" style={{ minHeight: "100%" }} component="main">
      <Card style={{ width: 380 }}>
        <Typography.Title level={1} style={{ fontSize: 24, marginTop: 0 }}>
          {t("app.name")}
        </Typography.Title>
        <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => void submit(values)}>
          <Form.Item
            name="login"
            label={t("login.login")}
            rules={[{ required: true, message: t("login.needLogin") }]}
          >
            <Input autoFocus autoComplete="username" size="large" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("login.password")}
            rules={[{ required: true, message: t("login.needPassword") }]}
          >
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          {refused && <Alert type="error" showIcon title={refused} style={{ marginBottom: 16 }} />}
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {t("login.submit")}
          </Button>
        </Form>
      </Card>
      <Button type="link" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
        {t("app.language")}
      </Button>
    </Flex>
  );
}
