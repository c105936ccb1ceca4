import { DownloadOutlined } from "@ant-design/icons";
import { Badge, Button, DatePicker, Empty, Flex, Input, Select, Table, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { may, useMe } from "../app/session";
import { duration, instant, phone } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { CallDrawer } from "./CallDrawer";
import { useCalls, useLiveCalls, type Call } from "./data";
import { addressOf, filtersOf, OUTCOMES, type Filters } from "./filters";
import { OUTCOME_COLOURS } from "./outcomes";

export default function CallsPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => filtersOf(address), [address]);
  const calls = useCalls(filters);
  const connected = useLiveCalls();
  const [opened, setOpened] = useState<Call | null>(null);
  const columns = useColumns();
  const rows = calls.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(filters).length > 0;

  if (calls.isError && rows.length === 0) {
    return <LoadFailed error={calls.error} retry={() => void calls.refetch()} />;
  }
  return (
    <Flex vertical gap={16} style={{ padding: 24 }}>
      <Flex justify="space-between" align="center">
        <Flex align="center" gap={16}>
          <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
            {t("calls.title")}
          </Typography.Title>
          <Badge
            status={connected ? "processing" : "warning"}
            text={connected ? t("calls.live") : t("calls.liveOff")}
          />
        </Flex>
        <Export filters={filters} />
      </Flex>
      <FilterBar
        key={address.toString()}
        filters={filters}
        onChange={(changed) => setAddress(addressOf(changed))}
      />
      <Table<Call>
        rowKey="id"
        size="middle"
        columns={columns}
        dataSource={rows}
        loading={calls.isPending}
        pagination={false}
        scroll={{ x: 960 }}
        locale={{ emptyText: <Nothing isFiltered={isFiltered} clear={() => setAddress({})} /> }}
        onRow={(call) => ({
          onClick: () => setOpened(call),
          onKeyDown: (event) => {
            if (event.key === "Enter") {
              setOpened(call);
            }
          },
          tabIndex: 0,
          style: { cursor: "pointer" },
        })}
      />
      {calls.hasNextPage && (
        <Button loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
          {t("calls.more")}
        </Button>
      )}
      {opened && <CallDrawer call={opened} close={() => setOpened(null)} />}
    </Flex>
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
        render: (caller: string) => (caller ? phone(caller) : t("calls.anonymous")),
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
    <Flex wrap gap={12} component="search">
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
    </Flex>
  );
}

function Nothing({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        isFiltered ? t("calls.emptyFiltered") : `${t("calls.empty")}。${t("calls.emptyHint")}`
      }
    >
      {isFiltered && <Button onClick={clear}>{t("calls.clear")}</Button>}
    </Empty>
  );
}

/** The server writes the file; the browser only follows a link to it. */
function Export({ filters }: { filters: Filters }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  if (!may(me, "calls.export") || me.enterprise_id === null) {
    return null;
  }
  return (
    <Button icon={<DownloadOutlined />} href={`/api/v1/calls/export?${addressOf(filters)}`} download>
      {t("calls.export")}
    </Button>
  );
}
