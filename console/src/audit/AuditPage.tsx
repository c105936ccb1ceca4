import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "../kit/Page";
import { AuditTable } from "./AuditTable";

export default function AuditPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t("audit.title")} hint={t("audit.hint")}>
      <AuditTable reach="enterprise" />
    </Page>
  );
}
