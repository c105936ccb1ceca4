import { Button, Result } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../api/problem";

/** What could not be loaded, why, and a way to try again. */
export function LoadFailed({ error, retry }: { error: Error; retry?: () => void }): ReactNode {
  const { t } = useTranslation();
  const reference = error instanceof Problem && error.requestId ? ` (${error.requestId})` : "";
  return (
    <Result
      status="warning"
      title={t("app.loadFailed")}
      subTitle={`${error.message}${reference}`}
      extra={
        <Button type="primary" onClick={retry ?? (() => window.location.reload())}>
          {t("app.retry")}
        </Button>
      }
    />
  );
}
