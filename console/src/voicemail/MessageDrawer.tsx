import { useQueryClient } from "@tanstack/react-query";
import { PhoneOutlined } from "@ant-design/icons";
import { Button, Descriptions, Drawer, Flex, Input, Tag, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { addressOf } from "../api/client";
import { may, useMe } from "../app/session";
import { duration, instant, phone } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { Player } from "../kit/Player";
import { RemoveButton } from "../kit/RemoveButton";
import { useCallBack, useChangeMessage, useMessage, useRemoveMessage, type Message } from "./data";

/** A message: heard, noted on, dealt with. */
export function MessageDrawer({ found, close }: { found: Message; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const message = useMessage(found);
  const me = useMe();
  const change = useChangeMessage(t("app.saved"));
  const remove = useRemoveMessage(t("app.removed"));
  const [note, setNote] = useState(message.note);
  const who = phone(message.caller ?? "") || t("calls.anonymous");
  const mayHandle = may(me, "voicemail.handle");
  const mark = (status: Message["status"]): void =>
    change.mutate({ id: message.id, change: { status, note } }, { onSuccess: close });
  return (
    <Drawer
      open
      size={600}
      title={`${who} ${[...new Set([message.province, message.city])].filter(Boolean).join(" ")}`}
      onClose={close}
      footer={
        <Flex justify="space-between">
          <Flex gap={8}>
            {may(me, "calls.read") && <LinkButton to={`/calls/${message.call_id}`}>{t("voicemail.call")}</LinkButton>}
            {message.caller && <CallBack id={message.id} />}
            {mayHandle && (
              <RemoveButton
                labelled
                what={t("voicemail.this")}
                remove={() => remove.mutateAsync(message.id).then(close)}
              />
            )}
          </Flex>
          {mayHandle &&
            (message.status === "closed" ? (
              <Button loading={change.isPending} onClick={() => mark("heard")}>
                {t("voicemail.reopen")}
              </Button>
            ) : (
              <Button type="primary" loading={change.isPending} onClick={() => mark("closed")}>
                {t("voicemail.close")}
              </Button>
            ))}
        </Flex>
      }
    >
      <Flex vertical gap={20}>
        <Heard message={message} who={who} />
        <Descriptions
          column={2}
          size="small"
          items={[
            { key: "at", label: t("voicemail.at"), children: instant(message.left_at) },
            {
              key: "status",
              label: t("voicemail.statusTitle"),
              children: <Tag>{t(`voicemail.status.${message.status}`)}</Tag>,
            },
            {
              key: "ended",
              label: t("voicemail.endedByTitle"),
              children: message.ended_by ? t(`voicemail.endedBy.${message.ended_by}`) : "—",
            },
          ]}
        />
        <Callbacks message={message} />
        <Flex vertical gap={8} align="end">
          <Input.TextArea
            rows={4}
            maxLength={2000}
            disabled={!mayHandle}
            aria-label={t("voicemail.note")}
            placeholder={t("voicemail.noteHint")}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          {mayHandle && (
            <Button
              disabled={note === message.note}
              loading={change.isPending}
              onClick={() => change.mutate({ id: message.id, change: { status: message.status, note } })}
            >
              {t("voicemail.saveNote")}
            </Button>
          )}
        </Flex>
      </Flex>
    </Drawer>
  );
}

/** For those who are agents: their own device rings first. */
function CallBack({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const isAgent = useMe().agent_id !== null;
  const call = useCallBack(t("voicemail.callBackRings"));
  return (
    isAgent && (
      <Button icon={<PhoneOutlined />} loading={call.isPending} onClick={() => call.mutate(id)}>
        {t("voicemail.callBack")}
      </Button>
    )
  );
}

/** Who has called back, and how that came out. */
function Callbacks({ message }: { message: Message }): ReactNode {
  const { t } = useTranslation();
  const mayOpen = may(useMe(), "calls.read");
  return (
    message.callbacks.length > 0 && (
      <Flex vertical gap={4}>
        <strong>{t("voicemail.callbacks")}</strong>
        {message.callbacks.map((one) => (
          <Flex key={one.call_id} gap={12}>
            {mayOpen ? <Link to={`/calls/${one.call_id}`}>{instant(one.at)}</Link> : <span>{instant(one.at)}</span>}
            <span>{`${one.agent_name} ${one.extension}`}</span>
            <Tag>{one.outcome ? t(`calls.outcome.${one.outcome}`, one.outcome) : t("voicemail.goesOn")}</Tag>
            {one.talk_ms !== null && duration(one.talk_ms)}
          </Flex>
        ))}
      </Flex>
    )
  );
}

function Heard({ message, who }: { message: Message; who: string }): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  if (message.audio !== "stored") {
    return (
      <Typography.Text type="secondary">
        {message.audio === "pending" ? t("voicemail.pending") : t("voicemail.gone")}
      </Typography.Text>
    );
  }
  return (
    <Player
      address={addressOf(`/api/v1/voicemail/messages/${message.id}/audio`)}
      label={who}
      length={message.seconds === null ? null : message.seconds * 1000}
      // Whoever fetches a message has heard it.
      ready={() => {
        for (const shown of ["message", "messages", "today"]) {
          void client.invalidateQueries({ queryKey: [shown] });
        }
      }}
    />
  );
}
