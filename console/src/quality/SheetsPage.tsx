import { PlusOutlined } from "@ant-design/icons";
import { Button, Tag } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useRemoveSheet, useSheetPages, type Sheet } from "./data";
import { SheetDrawer } from "./SheetDrawer";

export default function SheetsPage(): ReactNode {
  const { t } = useTranslation();
  const sheets = useSheetPages();
  const remove = useRemoveSheet(t("app.removed"));
  const [edited, setEdited] = useState<Sheet | "new" | null>(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
      {t("quality.newSheet")}
    </Button>
  );
  return (
    <Page title={t("quality.sheets")} hint={t("quality.sheetsHint")} actions={add}>
      <ResourceTable<Sheet>
        name="sheets"
        pages={sheets}
        rowKey={(sheet) => sheet.id}
        open={setEdited}
        empty={t("quality.sheetsEmpty")}
        emptyAction={add}
        columns={[
          { title: t("app.nameLabel"), dataIndex: "name" },
          {
            title: t("quality.criteria"),
            key: "criteria",
            render: (_, sheet) => sheet.criteria.map((one) => <Tag key={one.key}>{one.name}</Tag>),
          },
          {
            title: t("quality.inUse"),
            dataIndex: "in_use",
            width: 110,
            render: (inUse: boolean) =>
              inUse ? <Tag color="green">{t("quality.inUse")}</Tag> : <Tag>{t("quality.notInUse")}</Tag>,
          },
          { title: t("app.changedAt"), dataIndex: "updated_at", width: 180, render: (at: string) => instant(at) },
          {
            key: "actions",
            width: 60,
            render: (_, sheet) => <RemoveButton what={sheet.name} remove={() => remove.mutateAsync(sheet.id)} />,
          },
        ]}
      />
      {edited && <SheetDrawer sheet={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </Page>
  );
}
