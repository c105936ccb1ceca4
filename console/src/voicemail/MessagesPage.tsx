import { Badge, Button, Segmented, Tag } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAllVoicemailBoxes } from "../kit/choices";
import { DaysFilter, NumberFilter, useAddressFilters } from "../kit/filters";
import { duration, instant } from "../kit/format";
import { Page } from "../kit/Page";
import { VoicemailBoxPicker } from "../kit/pickers";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { STATUSES, useMessages, type Filters, type Message } from "./data";
import { MessageDrawer } from "./MessageDrawer";

const NAMES = ["status", "box_id", "caller", "since", "until"] as const;
const COLOURS = { new: "red", heard: "blue", closed: "default" } as const;

/** What callers have left: all of it, or for agents what is in their own boxes and their queues'. */
export default function MessagesPage(): ReactNode {
  const { t } = useTranslation();
  const hearsAll = may(useMe(), "voicemail_boxes.read");
  const { filters, set, clear } = useAddressFilters(NAMES);
  const messages = useMessages(filters as Filters);
  const boxes = useAllVoicemailBoxes().data;
  const [opened, setOpened] = useState<Message | null>(null);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page title={t(hearsAll ? "voicemail.title" : "voicemail.own")} live>
      <ResourceTable<Message>
        name="messages"
        pages={messages}
        rowKey={(message) => message.id}
        open={setOpened}
        filters={
          <>
            <Segmented
              aria-label={t("voicemail.statusTitle")}
              value={filters.status ?? ""}
              options={[
                { value: "", label: t("voicemail.ofAll") },
                ...STATUSES.map((status) => ({ value: status, label: t(`voicemail.status.${status}`) })),
              ]}
              onChange={(status) => set({ status })}
            />
            {hearsAll && (
              <VoicemailBoxPicker
                style={{ width: 150 }}
                placeholder={t("voicemail.box")}
                aria-label={t("voicemail.box")}
                value={filters.box_id ?? null}
                onChange={(box) => set({ box_id: box })}
              />
            )}
            <NumberFilter
              label={t("voicemail.callerFilter")}
              value={filters.caller}
              change={(caller) => set({ caller })}
            />
            <DaysFilter since={filters.since} until={filters.until} change={set} />
          </>
        }
        empty={isFiltered ? t("voicemail.emptyFiltered") : `${t("voicemail.empty")}${t("app.stop")}${t("voicemail.emptyHint")}`}
        emptyAction={isFiltered && <Button onClick={clear}>{t("voicemail.clear")}</Button>}
        columns={[
          {
            title: t("voicemail.statusTitle"),
            dataIndex: "status",
            width: 96,
            render: (status: Message["status"]) =>
              status === "new" ? (
                <Badge status="error" text={<strong>{t("voicemail.status.new")}</strong>} />
              ) : (
                <Tag color={COLOURS[status]}>{t(`voicemail.status.${status}`)}</Tag>
              ),
          },
          { title: t("voicemail.at"), dataIndex: "left_at", width: 170, render: (at: string) => instant(at) },
          {
            title: t("voicemail.caller"),
            dataIndex: "caller",
            width: 150,
            render: (caller: string | null) => <Tel number={caller} otherwise={t("calls.anonymous")} />,
          },
          {
            title: t("voicemail.region"),
            key: "region",
            width: 120,
            render: (_, one) => [...new Set([one.province, one.city])].filter(Boolean).join(" "),
          },
          ...(hearsAll
            ? [
                {
                  title: t("voicemail.box"),
                  key: "box",
                  width: 140,
                  render: (_: unknown, one: Message) => boxes?.find((box) => box.id === one.box_id)?.name ?? "",
                },
              ]
            : []),
          {
            title: t("voicemail.length"),
            dataIndex: "seconds",
            width: 80,
            align: "right",
            render: (seconds: number | null) => seconds !== null && duration(seconds * 1000),
          },
          { title: t("voicemail.note"), dataIndex: "note", ellipsis: true },
        ]}
      />
      {opened && <MessageDrawer key={opened.id} found={opened} close={() => setOpened(null)} />}
    </Page>
  );
}
