import { Button, Result, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";

export function Broken(): ReactNode {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Result
      status="error"
      title={t("app.broken")}
      subTitle={t("app.brokenHint")}
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t("app.reload")}
        </Button>
      }
    >
      <Typography.Text code>{error instanceof Error ? error.message : String(error)}</Typography.Text>
    </Result>
  );
}
