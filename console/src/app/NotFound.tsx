import { Button, Result } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function NotFound(): ReactNode {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      title={t("app.notFound")}
      subTitle={t("app.notFoundHint")}
      extra={
        <Link to="/">
          <Button type="primary">{t("app.home")}</Button>
        </Link>
      }
    />
  );
}
