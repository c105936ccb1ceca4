import { FieldTimeOutlined } from "@ant-design/icons";
import { Button, Tag } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { DaysFilter, NumberFilter, useAddressFilters } from "../kit/filters";
import { duration, instant, phone } from "../kit/format";
import { useNames } from "../kit/names";
import { Page } from "../kit/Page";
import { AgentPicker, HotlinePicker, QueuePicker } from "../kit/pickers";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { useRecordings, type Filters, type Recording } from "./data";
import { KeepingDrawer } from "./KeepingDrawer";
import { RecordingDrawer } from "./RecordingDrawer";

const NAMES = ["agent_id", "queue_id", "hotline_id", "number", "since", "until"] as const;
const STATUS_COLOURS = { pending: "blue", stored: "green", missing: "red", deleted: "default" } as const;

/** What was said in calls. */
export default function RecordingsPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const { filters, set, clear } = useAddressFilters(NAMES);
  const recordings = useRecordings(filters as Filters);
  const [opened, setOpened] = useState<Recording | null>(null);
  const [isKeeping, setKeeping] = useState(false);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page
      title={t("recordings.title")}
      actions={
        may(me, "recordings.delete") && (
          <Button icon={<FieldTimeOutlined />} onClick={() => setKeeping(true)}>
            {t("recordings.keeping")}
          </Button>
        )
      }
    >
      <ResourceTable<Recording>
        name="recordings"
        pages={recordings}
        rowKey={(recording) => recording.id}
        open={setOpened}
        filters={
          <>
            <NumberFilter label={t("recordings.number")} value={filters.number} change={(number) => set({ number })} />
            <AgentPicker
              style={{ width: 150 }}
              placeholder={t("recordings.agent")}
              aria-label={t("recordings.agent")}
              value={filters.agent_id ?? null}
              onChange={(agent) => set({ agent_id: agent })}
            />
            <QueuePicker
              style={{ width: 150 }}
              placeholder={t("recordings.queue")}
              aria-label={t("recordings.queue")}
              value={filters.queue_id ?? null}
              onChange={(queue) => set({ queue_id: queue })}
            />
            <HotlinePicker
              style={{ width: 150 }}
              placeholder={t("recordings.hotline")}
              aria-label={t("recordings.hotline")}
              value={filters.hotline_id ?? null}
              onChange={(hotline) => set({ hotline_id: hotline })}
            />
            <DaysFilter since={filters.since} until={filters.until} change={set} />
          </>
        }
        empty={isFiltered ? t("recordings.emptyFiltered") : `${t("recordings.empty")}${t("app.stop")}${t("recordings.emptyHint")}`}
        emptyAction={isFiltered && <Button onClick={clear}>{t("recordings.clear")}</Button>}
        columns={[
          { title: t("recordings.at"), dataIndex: "created_at", width: 170, render: (at: string) => instant(at) },
          {
            title: t("recordings.customer"),
            dataIndex: "caller",
            width: 150,
            render: (caller: string | null) => <Tel number={caller} otherwise={t("calls.anonymous")} />,
          },
          {
            title: t("recordings.target"),
            key: "target",
            width: 150,
            render: (_, one) => names.agent(one.agent_id) || phone(one.target ?? ""),
          },
          {
            title: t("recordings.queue"),
            key: "queue",
            width: 130,
            render: (_, one) => names.queue(one.queue_id),
          },
          {
            title: t("recordings.hotline"),
            key: "hotline",
            width: 130,
            render: (_, one) => names.hotline(one.hotline_id),
          },
          {
            title: t("recordings.length"),
            dataIndex: "duration_ms",
            width: 80,
            align: "right",
            render: (ms: number | null) => ms !== null && duration(ms),
          },
          {
            title: t("recordings.status"),
            dataIndex: "status",
            width: 90,
            render: (status: Recording["status"]) => (
              <Tag color={STATUS_COLOURS[status]}>{t(`recordings.statusOf.${status}`)}</Tag>
            ),
          },
        ]}
      />
      {opened && <RecordingDrawer key={opened.id} recording={opened} close={() => setOpened(null)} />}
      {isKeeping && <KeepingDrawer close={() => setKeeping(false)} />}
    </Page>
  );
}
