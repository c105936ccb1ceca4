import { App, Button, Descriptions, Drawer, Flex, Tag, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { may, useMe } from "../app/session";
import { duration, instant, phone } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { useNames } from "../kit/names";
import { Player } from "../kit/Player";
import { RemoveButton } from "../kit/RemoveButton";
import { ReviewDrawer } from "../quality/ReviewDrawer";
import { useRemoveRecording, useVerify, type Recording } from "./data";

/** A recording: heard, checked, judged, deleted. */
export function RecordingDrawer({ recording, close }: { recording: Recording; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const remove = useRemoveRecording(t("app.removed"));
  const [isJudging, setJudging] = useState(false);
  const who = `${phone(recording.caller ?? "") || t("calls.anonymous")} → ${
    names.agent(recording.agent_id) || phone(recording.target ?? "")
  }`;
  const isThere = recording.status === "stored";
  return (
    <Drawer
      open
      size={680}
      title={who}
      onClose={close}
      footer={
        <Flex justify="space-between">
          <Flex gap={8}>
            <LinkButton to={`/calls/${recording.call_id}`}>{t("recordings.call")}</LinkButton>
            {isThere && may(me, "quality.write") && (
              <Button onClick={() => setJudging(true)}>{t("recordings.judge")}</Button>
            )}
            {isThere && <Verify id={recording.id} />}
          </Flex>
          {isThere && may(me, "recordings.delete") && (
            <RemoveButton
              labelled
              what={t("recordings.this")}
              remove={() => remove.mutateAsync(recording.id).then(close)}
            />
          )}
        </Flex>
      }
    >
      <Flex vertical gap={20}>
        <Heard recording={recording} who={who} />
        <Descriptions
          column={2}
          size="small"
          items={[
            { key: "at", label: t("recordings.at"), children: instant(recording.created_at) },
            { key: "length", label: t("recordings.length"), children: duration(recording.duration_ms ?? 0) },
            { key: "hotline", label: t("recordings.hotline"), children: names.hotline(recording.hotline_id) || "—" },
            { key: "queue", label: t("recordings.queue"), children: names.queue(recording.queue_id) || "—" },
          ]}
        />
      </Flex>
      {isJudging && (
        <ReviewDrawer
          talk={{ callId: recording.call_id, recordingId: recording.id, length: recording.duration_ms, title: who }}
          close={() => setJudging(false)}
        />
      )}
    </Drawer>
  );
}

function Heard({ recording, who }: { recording: Recording; who: string }): ReactNode {
  const { t } = useTranslation();
  if (recording.status !== "stored") {
    return <Typography.Text type="secondary">{t("recordings.gone")}</Typography.Text>;
  }
  const path = `/api/v1/recordings/${recording.id}/audio`;
  return (
    <Player
      address={addressOf(path)}
      save={addressOf(path, { download: "true" })}
      label={who}
      lanes={[t("recordings.customer"), recording.agent_id ? t("recordings.agent") : t("recordings.target")]}
      length={recording.duration_ms}
    />
  );
}

/** Compares the stored file with its checksum. */
function Verify({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const verify = useVerify();
  const check = async (): Promise<void> => {
    const { intact } = await verify.mutateAsync(id);
    void (intact ? message.success(t("recordings.intact")) : message.error(t("recordings.broken")));
  };
  return (
    <>
      <Button loading={verify.isPending} onClick={() => void check().catch(() => undefined)}>
        {t("recordings.verify")}
      </Button>
      {verify.data && !verify.data.intact && <Tag color="red">{t("recordings.broken")}</Tag>}
    </>
  );
}
