import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { may, useMe } from "../app/session";
import { Page } from "../kit/Page";
import { ForbiddenNumbers } from "./ForbiddenNumbers";
import { ShownNumbers } from "./ShownNumbers";

/** Which numbers agents' calls show, and which they never call. */
export default function NumbersPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const [address, setAddress] = useSearchParams();
  return (
    <Page title={t("callernumbers.title")} hint={t("callernumbers.hint")}>
      <Tabs
        activeKey={address.get("tab") ?? "shown"}
        onChange={(tab) => setAddress({ tab })}
        items={[
          { key: "shown", label: t("callernumbers.tabs.shown"), children: <ShownNumbers /> },
          ...(may(me, "agents.write")
            ? [{ key: "forbidden", label: t("callernumbers.tabs.forbidden"), children: <ForbiddenNumbers /> }]
            : []),
        ]}
      />
    </Page>
  );
}
