import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { KeysPage } from "./KeysPage";

export default function ApiKeysPage(): ReactNode {
  const { t } = useTranslation();
  return <KeysPage whose="enterprise" title={t("apikeys.title")} hint={t("apikeys.hint")} />;
}
