import { Card, Descriptions, Divider, Flex, Tag, theme, Timeline, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { OUTCOME_COLOURS } from "../calls/outcomes";
import { duration, instant, phone } from "../kit/format";
import { CallControls } from "../phone/CallControls";
import { CallerName, useTalkWords } from "../phone/CallWords";
import type { OfferedCall, OwnCall } from "../phone/data";
import { QualityLine } from "../phone/PhoneMenu";
import { Elapsed } from "../phone/states";
import type { Work } from "../phone/work";
import { NoteForm } from "./NoteForm";
import { useLatestCalls } from "./data";

/** The call that is offered or goes on: who it is and why, and everything that can be done. */
export function CallCard({ work, call }: { work: Work; call: OwnCall }): ReactNode {
  const { token } = theme.useToken();
  const words = useTalkWords(call, work.supervising);
  const rings = call.state === "ringing";
  return (
    <Card
      role="region"
      aria-label={words}
      style={{ borderColor: rings ? token.colorWarning : token.colorPrimaryBorder, borderWidth: 2 }}
    >
      <Flex justify="space-between" align="start" gap={16} wrap>
        <div>
          <Typography.Text type={rings ? "warning" : "secondary"} aria-live="assertive">
            {words} · <Elapsed since={call.since} />
          </Typography.Text>
          <div style={{ fontSize: 26, lineHeight: 1.5 }}>
            <CallerName call={call} />
          </div>
        </div>
        <CallControls work={work} call={call} />
      </Flex>
      <Flex vertical gap={8} style={{ marginTop: 12 }}>
        {work.device.quality && <QualityLine quality={work.device.quality} />}
        {call.details && <Why details={call.details} />}
      </Flex>
      {!rings && !work.supervising && (
        <>
          <Divider style={{ marginBlock: 16 }} />
          <CallNote key={call.call_id} callId={call.call_id} />
        </>
      )}
    </Card>
  );
}

/** The note on a call, as far as it was written already. */
export function CallNote({ callId }: { callId: string }): ReactNode {
  const latest = useLatestCalls();
  if (latest.isPending) {
    return null;
  }
  const record = latest.data?.find((one) => one.id === callId);
  return (
    <NoteForm callId={callId} before={{ note: record?.note ?? "", disposition_id: record?.disposition_id ?? null }} />
  );
}

function Why({ details }: { details: OfferedCall }): ReactNode {
  const { t } = useTranslation();
  const items = [
    { key: "hotline", label: t("desk.hotline"), children: phone(details.dialled) },
    { key: "queue", label: t("desk.queue"), children: details.queue_name },
    { key: "waited", label: t("desk.waited"), children: duration(details.waited_seconds * 1000) },
    { key: "path", label: t("desk.path"), children: details.menu_path.join(" › ") },
  ].filter((item) => item.children);
  const kind = details.kind === "consult" || details.kind === "callback" ? details.kind : null;
  return (
    <>
      {kind && (
        <div>
          <Tag color="blue">{t(`desk.kind.${kind}`)}</Tag>
        </div>
      )}
      <Descriptions size="small" column={{ xs: 1, lg: 2 }} items={items} />
      <Earlier calls={details.earlier_calls} />
    </>
  );
}

function Earlier({ calls }: { calls: OfferedCall["earlier_calls"] }): ReactNode {
  const { t } = useTranslation();
  if (calls.length === 0) {
    return <Typography.Text type="secondary">{t("desk.noEarlier")}</Typography.Text>;
  }
  return (
    <>
      <Typography.Text type="secondary">{t("desk.earlier")}</Typography.Text>
      <Timeline
        items={calls.map((call) => ({
          key: call.call_id,
          content: (
            <Flex gap={8} wrap>
              {instant(call.at)}
              <Tag color={OUTCOME_COLOURS[call.outcome]}>{t(`calls.outcome.${call.outcome}` as "calls.outcome.answered")}</Tag>
              {call.agent}
              {call.talk_ms > 0 && <Typography.Text type="secondary">{duration(call.talk_ms)}</Typography.Text>}
            </Flex>
          ),
        }))}
      />
    </>
  );
}
