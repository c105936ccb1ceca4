import { Button, Tag } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useEnterpriseId } from "../app/acting";
import { may, useMe } from "../app/session";
import { useAllEnterprises } from "../enterprises/data";
import { DownloadButton } from "../kit/DownloadButton";
import { duration, instant, phone } from "../kit/format";
import { useNames } from "../kit/names";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { CallDrawer, ownerOf } from "./CallDrawer";
import { useCalls, type Call } from "./data";
import { FilterBar } from "./FilterBar";
import { entriesOf, filtersOf, queryOf, type Filters } from "./filters";
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
        width={1000}
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
  const names = useNames();
  const ofAll = useEnterpriseId() === null;
  const enterprises = useEnterpriseNames(ofAll);
  return useMemo(
    () => [
      ...(ofAll
        ? [
            {
              title: t("calls.enterprise"),
              key: "enterprise",
              width: 150,
              ellipsis: true,
              render: (_: unknown, call: Call) => enterprises.get(ownerOf(call) ?? "") ?? "—",
            },
          ]
        : []),
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
        key: "region",
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
        key: "outcome",
        width: 110,
        render: (_, call) => {
          const outcome = call.outcome ?? "in_progress";
          return <Tag color={OUTCOME_COLOURS[outcome]}>{t(`calls.outcome.${outcome}`)}</Tag>;
        },
      },
      {
        title: t("calls.target"),
        key: "target",
        width: 150,
        render: (_, call) => {
          const leg = call.legs.find((one) => one.result === "answered") ?? call.legs.at(-1);
          return leg ? names.agent(leg.agent_id) || <Tel number={leg.target} /> : "";
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
    [t, names, ofAll, enterprises],
  );
}

/** What enterprises are called, for the operator's list. */
function useEnterpriseNames(isOperator: boolean): ReadonlyMap<string, string> {
  const all = useAllEnterprises(isOperator).data;
  return useMemo(() => new Map(all?.map((one) => [one.id, one.name])), [all]);
}

/** The server writes the file. */
function Export({ filters }: { filters: Filters }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  if (useEnterpriseId() === null || !may(me, "calls.export")) {
    return null;
  }
  return (
    <DownloadButton path="/api/v1/calls/export" query={entriesOf(filters)} name="calls">
      {t("calls.export")}
    </DownloadButton>
  );
}
