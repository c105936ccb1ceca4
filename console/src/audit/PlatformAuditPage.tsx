import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAllEnterprises } from "../enterprises/data";
import { Page } from "../kit/Page";
import { AuditTable } from "./AuditTable";

export default function PlatformAuditPage(): ReactNode {
  const { t } = useTranslation();
  const enterprises = useAllEnterprises().data ?? [];
  const names = new Map(enterprises.map(({ id, name }) => [id, name]));
  return (
    <Page title={t("audit.platform.title")} hint={t("audit.platform.hint")}>
      <AuditTable reach="platform" nameOf={(id) => (id ? (names.get(id) ?? "…") : t("audit.ofPlatform"))} />
    </Page>
  );
}
