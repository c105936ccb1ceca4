import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { KeysPage } from "./KeysPage";

export default function OperatorKeysPage(): ReactNode {
  const { t } = useTranslation();
  return <KeysPage whose="operator" title={t("apikeys.operator.title")} hint={t("apikeys.operator.hint")} />;
}
