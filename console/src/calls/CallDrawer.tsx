import { Descriptions, Drawer, Flex, Skeleton, Tag, Timeline, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { useEnterpriseId } from "../app/acting";
import { may, useMe } from "../app/session";
import { duration, instant, phone } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { useCall, type Call, type CallDetail } from "./data";
import { OUTCOME_COLOURS } from "./outcomes";

/** One call: what it was, whom it reached, what was said, and everything that happened. */
export function CallDrawer({ call, close }: { call: Call; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const enterpriseId = useEnterpriseId() ?? ownerOf(call);
  const detail = useCall(call.id, enterpriseId);
  return (
    <Drawer open size={640} title={t("calls.detail")} onClose={close}>
      {detail.isPending && <Skeleton active paragraph={{ rows: 12 }} />}
      {detail.isError && <LoadFailed error={detail.error} retry={() => void detail.refetch()} />}
      {detail.data && <Story call={detail.data} enterpriseId={enterpriseId} />}
    </Drawer>
  );
}

/** In the operator's list each call names its enterprise. */
function ownerOf(call: Call): string | null {
  return "enterprise_id" in call && typeof call.enterprise_id === "string"
    ? call.enterprise_id
    : null;
}

function Story({ call, enterpriseId }: { call: CallDetail; enterpriseId: string | null }): ReactNode {
  const { t } = useTranslation();
  const outcome = call.outcome ?? "in_progress";
  return (
    <Flex vertical gap={24}>
      <Descriptions
        column={2}
        size="small"
        items={[
          { key: "caller", label: t("calls.caller"), children: phone(call.caller) || t("calls.anonymous") },
          { key: "region", label: t("calls.region"), children: `${call.province} ${call.city} ${call.caller_carrier}` },
          { key: "dialled", label: t("calls.dialled"), children: phone(call.dialled) },
          { key: "at", label: t("calls.startedAt"), children: instant(call.started_at) },
          {
            key: "outcome",
            label: t("calls.outcomeTitle"),
            children: (
              <>
                <Tag color={OUTCOME_COLOURS[outcome]}>{t(`calls.outcome.${outcome}`)}</Tag>
                {call.ended_by && t(`calls.endedBy.${call.ended_by}`)}
              </>
            ),
          },
          { key: "talk", label: t("calls.talk"), children: duration(call.talk_ms) },
        ]}
      />
      <section>
        <Heading>{t("calls.recordings")}</Heading>
        <Recordings call={call} enterpriseId={enterpriseId} />
      </section>
      <section>
        <Heading>{t("calls.legs")}</Heading>
        <Legs call={call} />
      </section>
      <section>
        <Heading>{t("calls.events")}</Heading>
        <Timeline
          items={call.events.map((event) => ({
            key: event.id,
            title: instant(event.at),
            content: (
              <>
                {t(`calls.event.${event.type}` as "calls.event.arrived", event.type)}{" "}
                <Typography.Text type="secondary">{factsOf(event.data)}</Typography.Text>
              </>
            ),
          }))}
        />
      </section>
    </Flex>
  );
}

function Heading({ children }: { children: ReactNode }): ReactNode {
  return (
    <Typography.Title level={2} style={{ fontSize: 15 }}>
      {children}
    </Typography.Title>
  );
}

function Legs({ call }: { call: CallDetail }): ReactNode {
  const { t } = useTranslation();
  return (
    <Flex vertical gap={8}>
      {call.legs.map((leg) => (
        <Flex key={leg.id} gap={12} align="center">
          <Typography.Text>{phone(leg.target)}</Typography.Text>
          <Tag color={leg.result === "answered" ? "green" : "default"}>
            {leg.result ? t(`calls.result.${leg.result}`, leg.result) : t("calls.ringing")}
          </Tag>
          <Typography.Text type="secondary">
            {instant(leg.dialled_at)}
            {leg.sip_code ? ` · SIP ${leg.sip_code}` : ""}
          </Typography.Text>
        </Flex>
      ))}
    </Flex>
  );
}

function Recordings({ call, enterpriseId }: { call: CallDetail; enterpriseId: string | null }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  if (call.recordings.length === 0) {
    return <Typography.Text type="secondary">{t("calls.noRecording")}</Typography.Text>;
  }
  if (!may(me, "recordings.listen")) {
    return null;
  }
  const query: Record<string, string> = enterpriseId ? { enterprise_id: enterpriseId } : {};
  return call.recordings.map((recording) => {
    if (recording.status !== "stored") {
      const words = recording.status === "pending" ? "calls.recordingPending" : "calls.recordingGone";
      return (
        <Typography.Text key={recording.id} type="secondary">
          {t(words)}
        </Typography.Text>
      );
    }
    return (
      <audio
        key={recording.id}
        controls
        preload="none"
        src={addressOf(`/api/v1/recordings/${recording.id}/audio`, query)}
        style={{ width: "100%" }}
      />
    );
  });
}

/** What of an event people want to read; the rest stands in the record above or is an id. */
const TOLD = ["target", "digits", "rule", "reason", "sip_code", "title", "kind", "cause", "prompt"];

function factsOf(data: Readonly<Record<string, unknown>>): string {
  return TOLD.filter((name) => data[name] !== undefined && data[name] !== "")
    .map((name) => (name === "sip_code" ? `SIP ${String(data[name])}` : String(data[name])))
    .join(" · ");
}
