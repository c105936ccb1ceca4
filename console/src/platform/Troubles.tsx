import { Alert, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Trouble } from "./data";
import { useTroubleWords } from "./useTroubleWords";

/** What somebody should look at, the most severe first. */
export function Troubles({ troubles }: { troubles: readonly Trouble[] }): ReactNode {
  const { t } = useTranslation();
  const words = useTroubleWords();
  if (troubles.length === 0) {
    return <Alert type="success" showIcon title={t("platform.well")} description={t("platform.wellHint")} />;
  }
  return (
    <Flex vertical gap={8} role="list" aria-label={t("platform.troubles", { count: troubles.length })}>
      {troubles.map((trouble) => (
        <Alert
          key={`${trouble.kind} ${trouble.subject}`}
          role="listitem"
          type={trouble.severity === "error" ? "error" : "warning"}
          showIcon
          title={
            <>
              <Typography.Text strong>{words(trouble)}</Typography.Text>{" "}
              <Typography.Text type="secondary">{t(`platform.advice.${trouble.kind}`)}</Typography.Text>
            </>
          }
        />
      ))}
    </Flex>
  );
}
