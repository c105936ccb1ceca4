import { Collapse, Flex, Table, Tag, Timeline, Typography } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../app/preferences";
import { duration } from "../kit/format";
import { useNames } from "../kit/names";
import { useDecisions, useSupervisionsOf, type CallDetail, type Decision, type Supervision } from "./data";
import { tell } from "./tell";

interface Entry {
  key: string;
  at: string;
  /** Told after all else of that instant. */
  isLast: boolean;
  colour: string;
  content: ReactNode;
}

/** Everything that happened in a call, in order, in words: events, choices of agents, listeners. */
export function CallTimeline({ call, enterpriseId }: { call: CallDetail; enterpriseId: string | null }): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  const decisions = useDecisions(call, enterpriseId);
  const supervisions = useSupervisionsOf(call.id, enterpriseId);
  // What was decided comes before what was done by it, at the same instant.
  const entries: Entry[] = [
    ...decisions.map((decision, index) => ({
      key: `decision-${index}`,
      at: decision.at,
      isLast: false,
      colour: "orange",
      content: <Why decision={decision} />,
    })),
    ...call.events.map((event) => {
      const told = tell(event, call, names, t);
      return {
        key: event.id,
        at: event.at,
        isLast: event.type === "ended",
        colour: told.colour,
        content: (
          <>
            {told.words} <Typography.Text type="secondary">{told.more}</Typography.Text>
          </>
        ),
      };
    }),
    ...supervisions.map((one) => ({ key: one.id, at: one.asked_at, isLast: false, colour: "blue", content: <Present one={one} /> })),
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || Number(one.isLast) - Number(other.isLast));
  return (
    <Timeline
      items={entries.map((entry) => ({
        key: entry.key,
        color: entry.colour,
        content: (
          <>
            <Moment at={entry.at} since={call.started_at} />
            <div>{entry.content}</div>
          </>
        ),
      }))}
    />
  );
}

function Moment({ at, since }: { at: string; since: string }): ReactNode {
  return (
    <Typography.Text type="secondary" style={{ fontSize: 12 }}>
      {dayjs(at).format("HH:mm:ss")} · +{duration(Math.max(0, Date.parse(at) - Date.parse(since)))}
    </Typography.Text>
  );
}

/** Why the call went to this agent, and among whom the choice was. */
function Why({ decision }: { decision: Decision }): ReactNode {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <Collapse
      size="small"
      ghost
      styles={{ header: { paddingInline: 0, paddingBlock: 0 }, body: { paddingInline: 0 } }}
      items={[
        {
          key: "why",
          label: (
            <Flex vertical gap={2}>
              <strong>{t("calls.why")}</strong>
              <span>{language === "zh" ? decision.explanation_zh : decision.explanation}</span>
            </Flex>
          ),
          children: (
            <Flex vertical gap={6} align="start">
              <Candidates decision={decision} />
              <Tag color={decision.replayed ? "green" : "red"}>
                {decision.replayed ? t("calls.replayed") : t("calls.notReplayed")}
              </Tag>
            </Flex>
          ),
        },
      ]}
    />
  );
}

function Candidates({ decision }: { decision: Decision }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="agent_id"
      dataSource={decision.candidates}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t("calls.agent"),
          render: (_, row) => {
            const name = `${row.name} ${row.extension}`;
            return decision.agents.includes(row.agent_id) ? <strong>{name}</strong> : name;
          },
        },
        { title: t("calls.idle"), align: "right", render: (_, row) => duration(row.idle_seconds * 1000) },
        { title: t("calls.callsToday"), align: "right", dataIndex: "calls_today" },
        { title: t("calls.talkToday"), align: "right", render: (_, row) => duration(row.talk_seconds_today * 1000) },
        { title: t("calls.penalty"), align: "right", dataIndex: "penalty" },
        { title: t("calls.place"), align: "right", dataIndex: "position" },
      ]}
    />
  );
}

function Present({ one }: { one: Supervision }): ReactNode {
  const { t } = useTranslation();
  const heard = one.began_at ? Date.parse(one.ended_at ?? new Date().toISOString()) - Date.parse(one.began_at) : 0;
  return (
    <>
      {t(`calls.mode.${one.mode}`)}{" "}
      <Typography.Text type="secondary">
        {[one.name && `${one.name} ${one.extension ?? ""}`, heard > 0 && duration(heard)].filter(Boolean).join(" · ")}
      </Typography.Text>
    </>
  );
}
