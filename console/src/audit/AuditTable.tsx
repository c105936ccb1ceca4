import { Button, Select, Tag } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { DaysFilter, useAddressFilters } from "../kit/filters";
import { instant } from "../kit/format";
import { ResourceTable } from "../kit/ResourceTable";
import { useActors, useAudit, type AuditEntry, type Reach } from "./data";
import { EntryDrawer } from "./EntryDrawer";
import { useAuditWords } from "./useAuditWords";
import { zh } from "./words";

const KINDS = Object.keys(zh.kind);

interface Shown {
  reach: Reach;
  /** The enterprise's name where entries of several stand together. */
  nameOf?: (enterpriseId: string | null) => string;
}

/** Who changed what, newest first. */
export function AuditTable({ reach, nameOf }: Shown): ReactNode {
  const { t } = useTranslation();
  const { filters, set, clear } = useAddressFilters(["actor_id", "object_type", "since", "until"] as const);
  const entries = useAudit(reach, filters);
  const actors = useActors(reach).data ?? [];
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const columns = useColumns(nameOf);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <ResourceTable<AuditEntry>
        name={`audit-${reach}`}
        pages={entries}
        columns={columns}
        rowKey={(entry) => entry.id}
        open={setOpened}
        filters={
          <>
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              aria-label={t("audit.actor")}
              placeholder={t("audit.actor")}
              style={{ width: 150 }}
              value={filters.actor_id ?? null}
              options={actors.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(chosen?: string) => set({ actor_id: chosen })}
            />
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              aria-label={t("audit.object")}
              placeholder={t("audit.object")}
              style={{ width: 170 }}
              value={filters.object_type ?? null}
              options={KINDS.map((value) => ({ value, label: t(`audit.kind.${value}`) }))}
              onChange={(chosen?: string) => set({ object_type: chosen })}
            />
            <DaysFilter since={filters.since} until={filters.until} change={set} />
          </>
        }
        empty={isFiltered ? t("audit.emptyFiltered") : t("audit.empty")}
        emptyAction={isFiltered && <Button onClick={clear}>{t("app.all")}</Button>}
      />
      {opened && <EntryDrawer entry={opened} close={() => setOpened(null)} />}
    </>
  );
}

function useColumns(nameOf: Shown["nameOf"]): TableColumnsType<AuditEntry> {
  const { t } = useTranslation();
  const words = useAuditWords();
  return [
    { title: t("audit.at"), dataIndex: "at", width: 180, render: (at: string) => instant(at) },
    {
      title: t("audit.actor"),
      dataIndex: "actor_name",
      width: 170,
      render: (name: string, { actor_kind }) => (
        <>
          {name} {actor_kind !== "user" && <Tag>{t(`audit.actorKind.${actor_kind}`)}</Tag>}
        </>
      ),
    },
    ...(nameOf
      ? [
          {
            title: t("audit.enterprise"),
            dataIndex: "enterprise_id",
            width: 150,
            ellipsis: true,
            render: (id: string | null) => nameOf(id),
          },
        ]
      : []),
    { title: t("audit.action"), key: "action", width: 200, render: (_, entry) => words.action(entry) },
    { title: t("audit.changes"), key: "changes", ellipsis: true, render: (_, entry) => words.summary(entry) },
    { title: t("audit.address"), dataIndex: "address", width: 140 },
  ];
}
