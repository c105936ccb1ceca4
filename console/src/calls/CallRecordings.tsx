import { EditOutlined } from "@ant-design/icons";
import { Button, Flex, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { may, useMe } from "../app/session";
import { phone } from "../kit/format";
import { useNames } from "../kit/names";
import { Player } from "../kit/Player";
import { ReviewDrawer } from "../quality/ReviewDrawer";
import type { CallDetail } from "./data";

type Recording = CallDetail["recordings"][number];

/** What was recorded of a call, talk by talk, to be heard and judged. */
export function CallRecordings({
  call,
  enterpriseId,
}: {
  call: CallDetail;
  enterpriseId: string | null;
}): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [judged, setJudged] = useState<Recording | null>(null);
  if (call.recordings.length === 0) {
    return <Typography.Text type="secondary">{t("calls.noRecording")}</Typography.Text>;
  }
  if (!may(me, "recordings.listen")) {
    return null;
  }
  const nameOf = (recording: Recording): string => {
    const leg = call.legs.find((one) => one.position === recording.position);
    return names.agent(recording.agent_id) || (leg ? phone(leg.target) : t("calls.recordings"));
  };
  return (
    <Flex vertical gap={16}>
      {call.recordings.map((recording) => (
        <Flex key={recording.id} vertical gap={6}>
          <Flex justify="space-between" align="center">
            <Typography.Text>{nameOf(recording)}</Typography.Text>
            {recording.status === "stored" && may(me, "quality.write") && enterpriseId !== null && (
              <Button size="small" icon={<EditOutlined />} onClick={() => setJudged(recording)}>
                {t("calls.review")}
              </Button>
            )}
          </Flex>
          <Sound recording={recording} name={nameOf(recording)} enterpriseId={enterpriseId} />
        </Flex>
      ))}
      {judged && (
        <ReviewDrawer
          talk={{ callId: call.id, recordingId: judged.id, length: judged.duration_ms, title: nameOf(judged) }}
          close={() => setJudged(null)}
        />
      )}
    </Flex>
  );
}

function Sound({
  recording,
  name,
  enterpriseId,
}: {
  recording: Recording;
  name: string;
  enterpriseId: string | null;
}): ReactNode {
  const { t } = useTranslation();
  if (recording.status !== "stored") {
    const words = recording.status === "pending" ? t("calls.recordingPending") : t("calls.recordingGone");
    return <Typography.Text type="secondary">{words}</Typography.Text>;
  }
  const path = `/api/v1/recordings/${recording.id}/audio`;
  const query: Record<string, string> = enterpriseId ? { enterprise_id: enterpriseId } : {};
  return (
    <Player
      address={addressOf(path, query)}
      save={addressOf(path, { ...query, download: "true" })}
      label={`${t("calls.recordings")} ${name}`}
      lanes={[t("calls.customer"), recording.agent_id ? t("calls.agent") : t("calls.outside")]}
      length={recording.duration_ms}
    />
  );
}
