import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { Page } from "../kit/Page";
import { Times } from "./Times";
import { WhatAllDo } from "./WhatAllDo";

/** What agents are doing, and how long they did it. */
export default function PresencePage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  return (
    <Page title={t("presence.title")} hint={t("presence.hint")} live>
      <Tabs
        activeKey={address.get("tab") ?? "now"}
        onChange={(tab) => setAddress(tab === "now" ? {} : { tab })}
        items={[
          { key: "now", label: t("presence.tabs.now"), children: <WhatAllDo /> },
          { key: "times", label: t("presence.tabs.times"), children: <Times /> },
        ]}
      />
    </Page>
  );
}
