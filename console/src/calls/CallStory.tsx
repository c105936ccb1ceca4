import { Card, Col, Descriptions, Flex, Row, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { duration, instant, phone } from "../kit/format";
import { useNames } from "../kit/names";
import { Tel } from "../kit/Tel";
import { CallRecordings } from "./CallRecordings";
import { CallTimeline } from "./CallTimeline";
import { useNotes, useReviewsOf, type CallDetail } from "./data";
import { LegBars } from "./LegBars";
import { OUTCOME_COLOURS } from "./outcomes";

interface Shown {
  call: CallDetail;
  enterpriseId: string | null;
  /** When the record was fetched: a call that goes on is drawn until then. */
  until: number;
  /** Side by side, where there is room. */
  wide?: boolean;
}

/** One call: what it was, whom it reached, what was said of it, and everything that happened. */
export function CallStory({ call, enterpriseId, until, wide = false }: Shown): ReactNode {
  const { t } = useTranslation();
  const half = { xs: 24, xl: wide ? 12 : 24 };
  return (
    <Row gutter={[16, 16]}>
      <Col {...half} xl={wide ? 14 : 24}>
        <Flex vertical gap={16}>
          <Facts call={call} />
          <Part title={t("calls.recordings")}>
            <CallRecordings call={call} enterpriseId={enterpriseId} />
          </Part>
          <Part title={t("calls.talks")}>
            <LegBars call={call} until={until} />
          </Part>
          <Notes call={call} enterpriseId={enterpriseId} />
          <Reviews call={call} enterpriseId={enterpriseId} />
        </Flex>
      </Col>
      <Col {...half} xl={wide ? 10 : 24}>
        <Part title={t("calls.events")}>
          <CallTimeline call={call} enterpriseId={enterpriseId} />
        </Part>
      </Col>
    </Row>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <Card size="small" title={title}>
      {children}
    </Card>
  );
}

function Facts({ call }: { call: CallDetail }): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  const outcome = call.outcome ?? "in_progress";
  const items = [
    { key: "caller", label: t("calls.caller"), children: <Tel number={call.caller} otherwise={t("calls.anonymous")} /> },
    {
      key: "region",
      label: t("calls.region"),
      children: [...new Set([call.province, call.city, call.caller_carrier])].filter(Boolean).join(" ") || "—",
    },
    { key: "dialled", label: t("calls.dialled"), children: names.hotline(call.hotline_id) || phone(call.dialled) },
    { key: "at", label: t("calls.startedAt"), children: instant(call.started_at) },
    {
      key: "outcome",
      label: t("calls.outcomeTitle"),
      children: (
        <span>
          <Tag color={OUTCOME_COLOURS[outcome]} style={{ marginInlineEnd: 8 }}>
            {t(`calls.outcome.${outcome}`)}
          </Tag>
          {[call.reason && t(`calls.reason.${call.reason}`, call.reason), call.ended_by && t(`calls.endedBy.${call.ended_by}`)]
            .filter(Boolean)
            .join(" · ")}
        </span>
      ),
    },
    {
      key: "talk",
      label: t("calls.talk"),
      children: `${duration(call.talk_ms)}${call.hold_ms > 0 ? ` (${t("calls.heldFor", { time: duration(call.hold_ms) })})` : ""}`,
    },
    { key: "waiting", label: t("calls.waiting"), children: duration(call.waiting_ms) },
    { key: "billable", label: t("calls.billable"), children: duration(call.billable_seconds * 1000) },
  ];
  if (call.callback_of) {
    items.push({
      key: "callback",
      label: t("calls.callbackOf"),
      children: <Link to={`/calls/${call.callback_of}`}>{t("calls.detail")}</Link>,
    });
  }
  return (
    <Card size="small">
      <Descriptions column={2} size="small" items={items} />
    </Card>
  );
}

function Notes({ call, enterpriseId }: { call: CallDetail; enterpriseId: string | null }): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  const notes = useNotes(call.id, enterpriseId).data ?? [];
  return (
    <Part title={t("calls.notes")}>
      {notes.length === 0 && <Typography.Text type="secondary">{t("calls.noNotes")}</Typography.Text>}
      {notes.map((note) => (
        <Flex key={note.agent_id} vertical gap={2}>
          <span>
            {note.disposition && <Tag color="blue">{note.disposition}</Tag>}
            <Typography.Text type="secondary">
              {[names.agent(note.agent_id), instant(note.updated_at)].filter(Boolean).join(" · ")}
            </Typography.Text>
          </span>
          {note.note && <Typography.Paragraph style={{ margin: 0, whiteSpace: "pre-wrap" }}>{note.note}</Typography.Paragraph>}
        </Flex>
      ))}
    </Part>
  );
}

function Reviews({ call, enterpriseId }: { call: CallDetail; enterpriseId: string | null }): ReactNode {
  const { t } = useTranslation();
  const reviews = useReviewsOf(call.id, enterpriseId).data ?? [];
  return (
    <Part title={t("calls.reviews")}>
      {reviews.length === 0 && <Typography.Text type="secondary">{t("calls.noReviews")}</Typography.Text>}
      <Flex vertical gap={8}>
        {reviews.map((review) => (
          <Flex key={review.id} gap={12} align="baseline" wrap>
            <strong>{t("calls.points", { total: review.total })}</strong>
            <span>{review.sheet_name}</span>
            <Typography.Text type="secondary">
              {[review.agent_name, review.reviewer_name, instant(review.created_at)].filter(Boolean).join(" · ")}
            </Typography.Text>
            {review.comment && <span>{review.comment}</span>}
          </Flex>
        ))}
      </Flex>
    </Part>
  );
}
