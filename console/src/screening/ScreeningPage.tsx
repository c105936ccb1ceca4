import { ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Tag, Tooltip, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { may, useMe } from "../app/session";
import { useAllHotlines } from "../kit/choices";
import { instant, phone } from "../kit/format";
import { Page } from "../kit/Page";
import { HotlinePicker } from "../kit/pickers";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { Until } from "../kit/Until";
import { useEntries, useRemoveEntry, type Entry, type Filters } from "./data";
import { EntryDrawer } from "./EntryDrawer";
import { ScreeningImport } from "./ScreeningImport";

export default function ScreeningPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "screening.write");
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => filtersOf(address), [address]);
  const isFiltered = Object.keys(filters).length > 0;
  const entries = useEntries(filters);
  const [opened, setOpened] = useState<Entry | "new" | "import" | null>(null);
  const columns = useColumns(mayWrite);
  const actions = mayWrite && (
    <>
      <Button icon={<ImportOutlined />} onClick={() => setOpened("import")}>
        {t("screening.import")}
      </Button>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
        {t("screening.add")}
      </Button>
    </>
  );
  const close = (): void => setOpened(null);
  return (
    <Page title={t("screening.title")} hint={t("screening.hint")} actions={actions}>
      <ResourceTable
        name="screening"
        pages={entries}
        columns={columns}
        rowKey={(entry) => entry.id}
        {...(mayWrite && { open: setOpened })}
        filters={<FilterBar key={address.toString()} filters={filters} onChange={(changed) => setAddress({ ...changed })} />}
        empty={
          isFiltered ? t("screening.emptyFiltered") : `${t("screening.empty")}${t("app.stop")}${t("screening.emptyHint")}`
        }
        emptyAction={isFiltered && <Button onClick={() => setAddress({})}>{t("screening.clear")}</Button>}
      />
      {opened === "import" && <ScreeningImport close={close} />}
      {opened !== null && opened !== "import" && (
        <EntryDrawer seen={opened === "new" ? null : opened} close={close} />
      )}
    </Page>
  );
}

function filtersOf(address: URLSearchParams): Filters {
  const number = address.get("number")?.trim() ?? "";
  const hotline = address.get("hotline_id");
  return { ...(/^\+?\d{1,20}$/.test(number) && { number }), ...(hotline && { hotline_id: hotline }) };
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }): ReactNode {
  const { t } = useTranslation();
  const { number, hotline_id } = filters;
  return (
    <>
      <Input.Search
        allowClear
        aria-label={t("screening.search")}
        placeholder={t("screening.search")}
        defaultValue={number ?? ""}
        style={{ width: 220 }}
        onSearch={(entered) => {
          const digits = entered.replace(/[^\d+]/g, "");
          onChange({ ...(digits && { number: digits }), ...(hotline_id && { hotline_id }) });
        }}
      />
      <HotlinePicker
        aria-label={t("screening.hotline")}
        placeholder={t("screening.hotline")}
        style={{ width: 220 }}
        value={hotline_id ?? null}
        onChange={(id) => onChange({ ...(number && { number }), ...(id && { hotline_id: id }) })}
      />
    </>
  );
}

function useColumns(mayWrite: boolean): TableColumnsType<Entry> {
  const { t } = useTranslation();
  const remove = useRemoveEntry();
  const hotlines = useAllHotlines().data ?? [];
  const shown = (entry: Entry): string =>
    entry.match === "prefix" ? t("screening.prefix", { pattern: entry.pattern }) : phone(entry.pattern);
  return [
    {
      title: t("screening.number"),
      key: "number",
      width: 180,
      render: (_, entry) => <Typography.Text strong>{shown(entry)}</Typography.Text>,
    },
    {
      title: t("screening.actionTitle"),
      key: "action",
      width: 120,
      render: (_, { action }) => (
        <Tooltip title={t(`screening.actionHelp.${action}`)}>
          <Tag color={action === "reject" ? "red" : "gold"}>{t(`screening.action.${action}`)}</Tag>
        </Tooltip>
      ),
    },
    {
      title: t("screening.hotline"),
      key: "hotline",
      width: 160,
      render: (_, { hotline_id }) =>
        hotline_id === null
          ? t("screening.everyHotline")
          : (hotlines.find((one) => one.id === hotline_id)?.name ?? "…"),
    },
    {
      title: t("screening.until"),
      dataIndex: "until",
      width: 140,
      render: (until: string | null) => <Until until={until} />,
    },
    { title: t("screening.note"), dataIndex: "note", ellipsis: true },
    {
      title: t("screening.addedAt"),
      dataIndex: "created_at",
      width: 180,
      render: (at: string) => instant(at),
    },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, entry: Entry) => (
              <RemoveButton what={shown(entry)} remove={() => remove.mutateAsync(entry.id)} />
            ),
          },
        ]
      : []),
  ];
}
