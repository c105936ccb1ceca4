import { ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Tabs } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAddressFilters } from "../kit/filters";
import { ImportDialog } from "../kit/ImportDialog";
import { Page } from "../kit/Page";
import { AssignedNumbers } from "./AssignedNumbers";
import { registerNumbers } from "./data";
import { FreeNumbers } from "./FreeNumbers";
import { NumberDrawer } from "./NumberDrawer";

const TABS = ["assigned", "free"] as const;
const EXAMPLE = "400-600-1234,联通\n4006001235";

/** The operator's numbers: those that enterprises have, and those that wait for one. */
export default function NumbersPage(): ReactNode {
  const { t } = useTranslation();
  const { filters, set } = useAddressFilters(["tab", "number", "status", "enterprise"] as const);
  const tab = TABS.find((one) => one === filters.tab) ?? "assigned";
  const [opened, setOpened] = useState<"new" | "import" | null>(null);
  const close = (): void => setOpened(null);
  const actions = (
    <>
      <Button icon={<ImportOutlined />} onClick={() => setOpened("import")}>
        {t("numbers.register")}
      </Button>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
        {t("numbers.add")}
      </Button>
    </>
  );
  return (
    <Page title={t("numbers.title")} hint={t("numbers.hint")} actions={actions}>
      <Tabs
        activeKey={tab}
        onChange={(chosen) => set({ tab: chosen, number: null, status: null, enterprise: null })}
        items={TABS.map((key) => ({ key, label: t(`numbers.tab.${key}`) }))}
      />
      {tab === "assigned" ? <AssignedNumbers /> : <FreeNumbers />}
      {opened === "new" && <NumberDrawer seen={null} close={close} />}
      {opened === "import" && (
        <ImportDialog
          title={t("numbers.register")}
          hint={t("numbers.registerHint")}
          example={EXAMPLE}
          touches={["numbers"]}
          send={registerNumbers}
          close={close}
        />
      )}
    </Page>
  );
}
