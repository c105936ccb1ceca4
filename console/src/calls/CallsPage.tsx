import { DownloadOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, Select, Tag } from "antd";
import type { TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { addressOf } from "../api/client";
import { useEnterpriseId } from "../app/acting";
import { may, useMe } from "../app/session";
import { duration, instant, phone } from "../kit/format";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { CallDrawer } from "./CallDrawer";
import { useCalls, type Call } from "./data";
import { entriesOf, filtersOf, OUTCOMES, queryOf, type Filters } from "./filters";
import { OUTCOME_COLOURS } from "./outcomes";

export default function CallsPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => filtersOf(address), [address]);
  const calls = useCalls(filters);
  useLiveRefresh(["calls", "call"], (message) => message.call_id !== undefined);
  const [opened, setOpened] = useState<Call | null>(null);
  const columns = useColumns();
  const isFiltered = Object.keys(filters).length > 0;
  // An enterprise's calls are written to a file by the server.
  const isOfAll = useEnterpriseId() === null;
  return (
    <Page title={t("calls.title")} live actions={<Export filters={filters} />}>
      <ResourceTable
        name="calls"
        pages={calls}
        exports={isOfAll}
        columns={columns}
        rowKey={(call) => call.id}
        open={setOpened}
        width={960}
        filters={
          <FilterBar
            key={address.toString()}
            filters={filters}
            onChange={(changed) => setAddress(queryOf(changed))}
          />
        }
        empty={isFiltered ? t("calls.emptyFiltered") : `${t("calls.empty")}${t("app.stop")}${t("calls.emptyHint")}`}
        emptyAction={isFiltered && <Button onClick={() => setAddress({})}>{t("calls.clear")}</Button>}
      />
      {opened && <CallDrawer call={opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(): TableColumnsType<Call> {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        title: t("calls.startedAt"),
        dataIndex: "started_at",
        width: 180,
        render: (at: string) => instant(at),
      },
      {
        title: t("calls.caller"),
        dataIndex: "caller",
        width: 150,
        render: (caller: string) => <Tel number={caller} otherwise={t("calls.anonymous")} />,
      },
      {
        title: t("calls.region"),
        width: 130,
        render: (_, call) => [...new Set([call.province, call.city])].join(" "),
      },
      {
        title: t("calls.dialled"),
        dataIndex: "dialled",
        width: 140,
        render: (dialled: string) => phone(dialled),
      },
      {
        title: t("calls.outcomeTitle"),
        width: 110,
        render: (_, call) => {
          const outcome = call.outcome ?? "in_progress";
          return <Tag color={OUTCOME_COLOURS[outcome]}>{t(`calls.outcome.${outcome}`)}</Tag>;
        },
      },
      {
        title: t("calls.target"),
        width: 150,
        render: (_, call) => {
          const leg = call.legs.find((one) => one.result === "answered") ?? call.legs.at(-1);
          return leg ? phone(leg.target) : "";
        },
      },
      {
        title: t("calls.waiting"),
        dataIndex: "waiting_ms",
        align: "right",
        width: 90,
        render: (ms: number, call) => (call.ended_at ? duration(ms) : ""),
      },
      {
        title: t("calls.talk"),
        dataIndex: "talk_ms",
        align: "right",
        width: 100,
        render: (ms: number, call) => (call.ended_at && ms > 0 ? duration(ms) : ""),
      },
    ],
    [t],
  );
}

function FilterBar({
  filters,
  onChange,
}: {
  filters: Filters;
  onChange: (filters: Filters) => void;
}): ReactNode {
  const { t } = useTranslation();
  const numberField = (name: "caller" | "destination", label: string): ReactNode => (
    <Input.Search
      allowClear
      aria-label={label}
      placeholder={label}
      defaultValue={filters[name] ?? ""}
      style={{ width: 240 }}
      onSearch={(value) => onChange({ ...filters, [name]: value.trim() })}
    />
  );
  return (
    <>
      {numberField("caller", t("calls.filterCaller"))}
      {numberField("destination", t("calls.filterDestination"))}
      <Select
        allowClear
        aria-label={t("calls.outcomeTitle")}
        placeholder={t("calls.outcomeTitle")}
        style={{ width: 140 }}
        value={filters.outcome}
        options={OUTCOMES.map((value) => ({ value, label: t(`calls.outcome.${value}`) }))}
        onChange={(outcome) => onChange({ ...filters, outcome })}
      />
      <DatePicker.RangePicker
        showTime={{ format: "HH:mm" }}
        value={[
          filters.since ? dayjs(filters.since) : null,
          filters.until ? dayjs(filters.until) : null,
        ]}
        onChange={(range) =>
          onChange({
            ...filters,
            since: range?.[0]?.toISOString(),
            until: range?.[1]?.toISOString(),
          })
        }
      />
    </>
  );
}

/** The server writes the file; the browser only follows a link to it. */
function Export({ filters }: { filters: Filters }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  if (useEnterpriseId() === null || !may(me, "calls.export")) {
    return null;
  }
  return (
    <Button icon={<DownloadOutlined />} href={addressOf("/api/v1/calls/export", entriesOf(filters))} download>
      {t("calls.export")}
    </Button>
  );
}
