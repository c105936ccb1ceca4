import { CaretRightOutlined, CheckOutlined, UndoOutlined } from "@ant-design/icons";
import { Button, Segmented, Space, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useQueryClient } from "@tanstack/react-query";

import { addressOf } from "../api/client";
import { duration, instant } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { useMarkMessage, useMessages, useRemoveMessage, type Message } from "./data";

const STATUSES = ["new", "heard", "closed"] as const;
const COLOURS = { new: "blue", heard: "default", closed: "green" } as const;

/** What callers left in one's own boxes. */
export default function OwnVoicemailPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const status = STATUSES.find((one) => one === address.get("status")) ?? null;
  const messages = useMessages(status);
  useLiveRefresh(["own-messages"], (message) => message.type === "voicemail_left");
  const [playing, setPlaying] = useState<string | null>(null);
  return (
    <Page title={t("desk.voicemail")} live>
      <ResourceTable
        name="own-voicemail"
        pages={messages}
        columns={useColumns(playing, setPlaying)}
        rowKey={(message) => message.id}
        filters={
          <Segmented
            aria-label={t("desk.messages.statusTitle")}
            value={status ?? ""}
            options={[
              { value: "", label: t("app.all") },
              ...STATUSES.map((value) => ({ value, label: t(`desk.messages.status.${value}`) })),
            ]}
            onChange={(value) => setAddress(value ? { status: value } : {})}
          />
        }
        empty={`${t("desk.messages.empty")}${t("app.stop")}${t("desk.messages.emptyHint")}`}
      />
    </Page>
  );
}

function useColumns(playing: string | null, play: (id: string | null) => void): TableColumnsType<Message> {
  const { t } = useTranslation();
  const mark = useMarkMessage().mutate;
  const remove = useRemoveMessage().mutateAsync;
  return useMemo(
    () => [
      { title: t("desk.at"), dataIndex: "left_at", width: 160, render: (at: string) => instant(at) },
      {
        title: t("desk.messages.caller"),
        dataIndex: "caller",
        width: 180,
        render: (caller: string) => <Tel number={caller} otherwise={t("phone.anonymous")} />,
      },
      {
        title: t("desk.region"),
        key: "region",
        width: 120,
        render: (_, message) => [...new Set([message.province, message.city])].join(" "),
      },
      {
        title: t("desk.messages.statusTitle"),
        dataIndex: "status",
        width: 90,
        render: (_, { status }) => <Tag color={COLOURS[status]}>{t(`desk.messages.status.${status}`)}</Tag>,
      },
      {
        title: t("desk.messages.listen"),
        key: "sound",
        width: 260,
        render: (_, message) => <Sound message={message} playing={playing === message.id} play={play} />,
      },
      {
        title: t("desk.note"),
        dataIndex: "note",
        render: (note: string, message) => (
          <Typography.Text
            editable={{
              text: note,
              tooltip: t("desk.addNote"),
              onChange: (changed) => changed !== note && mark({ id: message.id, note: changed.slice(0, 1000) }),
            }}
          >
            {note}
          </Typography.Text>
        ),
      },
      {
        title: "",
        key: "actions",
        width: 170,
        render: (_, message) => (
          <Space>
            {message.status === "closed" ? (
              <Button size="small" icon={<UndoOutlined />} onClick={() => mark({ id: message.id, status: "heard" })}>
                {t("desk.messages.reopen")}
              </Button>
            ) : (
              <Button size="small" icon={<CheckOutlined />} onClick={() => mark({ id: message.id, status: "closed" })}>
                {t("desk.messages.close")}
              </Button>
            )}
            <RemoveButton what={instant(message.left_at)} remove={() => remove(message.id)} />
          </Space>
        ),
      },
    ],
    [t, mark, remove, playing, play],
  );
}

interface Playing {
  message: Message;
  playing: boolean;
  play: (id: string | null) => void;
}

/** Listening makes the message a heard one. */
function Sound({ message, playing, play }: Playing): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  if (message.audio !== "stored") {
    const words = message.audio === "pending" ? "desk.messages.saving" : "desk.messages.gone";
    return <Typography.Text type="secondary">{t(words)}</Typography.Text>;
  }
  if (playing) {
    return (
      <audio
        controls
        autoPlay
        aria-label={t("desk.messages.listen")}
        src={addressOf(`/api/v1/voicemail/messages/${message.id}/audio`)}
        style={{ width: 240, height: 32 }}
        onPlaying={() => void client.invalidateQueries({ queryKey: ["own-messages"] })}
      />
    );
  }
  return (
    <Button size="small" icon={<CaretRightOutlined />} onClick={() => play(message.id)}>
      {t("desk.messages.play")} {message.seconds === null ? "" : duration(message.seconds * 1000)}
    </Button>
  );
}
