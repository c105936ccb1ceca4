import { ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAllHotlines } from "../kit/choices";
import { Page } from "../kit/Page";
import { placeOf, useRegions } from "../kit/regions";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { AreaDrawer } from "./AreaDrawer";
import { AreasImport } from "./AreasImport";
import { useAreas, useRemoveArea, type Area } from "./data";

export default function AreasPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "screening.write");
  const areas = useAreas();
  const [opened, setOpened] = useState<Area | "new" | "import" | null>(null);
  const columns = useColumns(mayWrite);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("areas.add")}
    </Button>
  );
  const actions = mayWrite && (
    <>
      <Button icon={<ImportOutlined />} onClick={() => setOpened("import")}>
        {t("areas.import")}
      </Button>
      {add}
    </>
  );
  const close = (): void => setOpened(null);
  return (
    <Page title={t("areas.title")} hint={t("areas.hint")} actions={actions}>
      <ResourceTable
        name="areas"
        pages={areas}
        columns={columns}
        rowKey={(area) => area.id}
        {...(mayWrite && { open: setOpened })}
        empty={`${t("areas.empty")}${t("app.stop")}${t("areas.emptyHint")}`}
        emptyAction={add}
      />
      {opened === "import" && <AreasImport close={close} />}
      {opened !== null && opened !== "import" && (
        <AreaDrawer seen={opened === "new" ? null : opened} close={close} />
      )}
    </Page>
  );
}

function useColumns(mayWrite: boolean): TableColumnsType<Area> {
  const { t } = useTranslation();
  const remove = useRemoveArea();
  const hotlines = useAllHotlines().data ?? [];
  const provinces = useRegions().data ?? [];
  return [
    {
      title: t("areas.place"),
      key: "place",
      width: 240,
      render: (_, area) => <Typography.Text strong>{placeOf(area.area_code, provinces)}</Typography.Text>,
    },
    { title: t("areas.code"), dataIndex: "area_code", width: 100 },
    {
      title: t("areas.office"),
      dataIndex: "office_code",
      width: 120,
      render: (code: string | null) => code ?? t("areas.whole"),
    },
    {
      title: t("areas.hotline"),
      key: "hotline",
      width: 160,
      render: (_, { hotline_id }) =>
        hotline_id === null ? t("areas.everyHotline") : (hotlines.find((one) => one.id === hotline_id)?.name ?? "…"),
    },
    { title: t("areas.note"), dataIndex: "note", ellipsis: true },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, area: Area) => (
              <RemoveButton what={placeOf(area.area_code, provinces)} remove={() => remove.mutateAsync(area.id)} />
            ),
          },
        ]
      : []),
  ];
}
