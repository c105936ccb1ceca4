import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useEnterpriseId } from "../app/acting";
import { usePreferences } from "../app/preferences";
import { may, useMe } from "../app/session";
import { Page } from "../kit/Page";
import { AgentToday } from "./AgentToday";
import { EnterpriseToday } from "./EnterpriseToday";
import { PlatformToday } from "./PlatformToday";

/** What one begins the day with; what it shows depends on who one is. */
export default function TodayPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const { language } = usePreferences();
  const isPlatform = useEnterpriseId() === null;
  const day = dayjs().format(language === "zh" ? "M月D日 dddd" : "dddd, D MMMM");
  return (
    <Page title={t("today.title")} hint={day} live={!isPlatform}>
      {isPlatform ? <PlatformToday /> : may(me, "calls.read") ? <EnterpriseToday /> : <AgentToday />}
    </Page>
  );
}
