import { Button, DatePicker, Drawer, Flex, Typography } from "antd";
import type { TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { duration, instant } from "../kit/format";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { useDispositions } from "../phone/data";
import { useOwnCalls, type OwnCallRecord } from "./data";
import { NoteForm } from "./NoteForm";
import { ResultTag } from "./ResultTag";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The calls of one's own day, with one's notes. */
export default function OwnCallsPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const asked = address.get("day");
  const day = asked && DAY.test(asked) ? asked : null;
  const calls = useOwnCalls(day);
  const [opened, setOpened] = useState<OwnCallRecord | null>(null);
  return (
    <Page title={t("desk.calls")} live>
      <ResourceTable
        name="own-calls"
        pages={calls}
        columns={useColumns(setOpened)}
        rowKey={(call) => call.id}
        open={setOpened}
        filters={
          <DatePicker
            aria-label={t("desk.day")}
            placeholder={t("desk.today")}
            value={day ? dayjs(day) : null}
            disabledDate={(date) => date.isAfter(dayjs())}
            onChange={(date: dayjs.Dayjs | null) => setAddress(date ? { day: date.format("YYYY-MM-DD") } : {})}
          />
        }
        empty={day ? t("desk.noCallsOfDay") : t("desk.noCalls")}
      />
      {opened && (
        <Drawer open size={480} title={t("desk.noteOf")} onClose={() => setOpened(null)}>
          <Flex vertical gap={16}>
            <Typography.Text>
              {instant(opened.started_at)} · <Tel number={opened.number} otherwise={t("phone.anonymous")} />
            </Typography.Text>
            <NoteForm key={opened.id} callId={opened.id} before={opened} />
          </Flex>
        </Drawer>
      )}
    </Page>
  );
}

function useColumns(open: (call: OwnCallRecord) => void): TableColumnsType<OwnCallRecord> {
  const { t } = useTranslation();
  const dispositions = useDispositions().data;
  return useMemo(
    () => [
      { title: t("desk.at"), dataIndex: "started_at", width: 170, render: (at: string) => instant(at) },
      {
        title: t("desk.directionTitle"),
        dataIndex: "direction",
        width: 70,
        render: (_, call) => t(`desk.direction.${call.direction}`),
      },
      {
        title: t("desk.number"),
        dataIndex: "number",
        width: 180,
        render: (number: string) => <Tel number={number} otherwise={t("phone.anonymous")} />,
      },
      {
        title: t("desk.region"),
        key: "region",
        width: 120,
        render: (_, call) => [...new Set([call.province, call.city])].join(" "),
      },
      { title: t("desk.resultTitle"), key: "result", width: 90, render: (_, call) => <ResultTag call={call} /> },
      {
        title: t("desk.talk"),
        dataIndex: "talk_ms",
        width: 90,
        align: "right",
        render: (ms: number) => ms > 0 && duration(ms),
      },
      {
        title: t("desk.disposition"),
        dataIndex: "disposition",
        width: 120,
        render: (code: string, call) => dispositions?.find((one) => one.id === call.disposition_id)?.name ?? code,
      },
      {
        title: t("desk.note"),
        dataIndex: "note",
        ellipsis: true,
        render: (note: string, call) =>
          note || (
            <Button type="link" size="small" onClick={() => open(call)}>
              {t("desk.addNote")}
            </Button>
          ),
      },
    ],
    [t, dispositions, open],
  );
}
