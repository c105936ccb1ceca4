import { Card, Empty, Flex, Statistic, Table, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Fetched } from "../kit/Fetched";
import { duration } from "../kit/format";
import { Tel } from "../kit/Tel";
import { StateTag } from "../presence/StateTag";
import { useColleagues, useQueueLoads, type Colleague, type QueueLoad } from "../phone/data";
import { Elapsed, useStateWords } from "../phone/states";
import type { Work } from "../phone/work";
import { useLatestCalls, type OwnCallRecord } from "./data";
import { ResultTag } from "./ResultTag";

const SHOWN_STATES = 6;

/** One's own day so far. */
export function Today({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const words = useStateWords();
  const { presence, today } = work.agent;
  const times = [...today].filter((one) => one.seconds > 0).sort((one, other) => other.seconds - one.seconds);
  return (
    <Card size="small" title={t("desk.today")}>
      <Flex gap={32}>
        <Statistic title={t("desk.callsToday")} value={presence.calls_today} />
        <Statistic title={t("desk.talkToday")} value={duration(presence.talk_seconds_today * 1000)} />
      </Flex>
      {times.length > 0 && (
        <Flex vertical gap={4} style={{ marginTop: 12 }} aria-label={t("desk.timesToday")}>
          {times.slice(0, SHOWN_STATES).map((one) => (
            <Flex key={one.state + one.reason} justify="space-between">
              <Typography.Text type="secondary">{words(one.state, one.reason)}</Typography.Text>
              {duration(one.seconds * 1000)}
            </Flex>
          ))}
        </Flex>
      )}
    </Card>
  );
}

/** How busy one's own queues are. */
export function OwnQueues(): ReactNode {
  const { t } = useTranslation();
  const loads = useQueueLoads();
  return (
    <Card size="small" title={t("desk.queues")}>
      <Fetched query={loads}>{(all) => <Queues mine={all.filter((queue) => queue.mine)} />}</Fetched>
    </Card>
  );
}

function Queues({ mine }: { mine: QueueLoad[] }): ReactNode {
  const { t } = useTranslation();
  if (mine.length === 0) {
    return <Typography.Text type="secondary">{t("desk.noQueues")}</Typography.Text>;
  }
  return (
    <Table<QueueLoad>
      size="small"
      pagination={false}
      rowKey="queue_id"
      dataSource={mine}
      columns={[
        { title: t("desk.queue"), dataIndex: "name", ellipsis: true },
        { title: t("desk.waiting"), dataIndex: "waiting", align: "right", width: 66 },
        {
          title: t("desk.longest"),
          width: 84,
          align: "right",
          render: (_, queue) => queue.waiting_since && <Elapsed since={queue.waiting_since} />,
        },
        {
          title: t("desk.people"),
          width: 92,
          align: "right",
          render: (_, queue) => `${queue.ready} / ${queue.signed_on}`,
        },
      ]}
    />
  );
}

/** What everybody else is doing. */
export function ColleaguesCard({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const everybody = useColleagues();
  return (
    <Card size="small" title={t("desk.colleagues")}>
      <Fetched query={everybody}>
        {(all) => <Colleagues others={all.filter((one) => one.agent_id !== work.agent.agent.id)} />}
      </Fetched>
    </Card>
  );
}

function Colleagues({ others }: { others: Colleague[] }): ReactNode {
  const { t } = useTranslation();
  if (others.length === 0) {
    return <Typography.Text type="secondary">{t("desk.noColleagues")}</Typography.Text>;
  }
  return (
    <Flex vertical gap={8} style={{ maxHeight: 320, overflowY: "auto" }}>
      {others.map((one) => (
        <Flex key={one.agent_id} justify="space-between" align="center" gap={8}>
          <span>
            {one.name} <Tel number={one.extension} />
          </span>
          <Typography.Text type="secondary">
            <StateTag state={one.state} reason={one.reason} /> <Elapsed since={one.since} />
          </Typography.Text>
        </Flex>
      ))}
    </Flex>
  );
}

/** The newest own calls. */
export function LatestCalls(): ReactNode {
  const { t } = useTranslation();
  const latest = useLatestCalls();
  return (
    <Card size="small" title={t("desk.latest")} extra={<Link to="/own-calls">{t("desk.all")}</Link>}>
      <Fetched query={latest}>{(calls) => <Calls calls={calls} />}</Fetched>
    </Card>
  );
}

function Calls({ calls }: { calls: OwnCallRecord[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<OwnCallRecord>
      size="small"
      pagination={false}
      showHeader={false}
      rowKey="id"
      dataSource={calls}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("desk.noCalls")} /> }}
      columns={[
        { width: 90, render: (_, call) => new Date(call.started_at).toTimeString().slice(0, 8) },
        { width: 60, render: (_, call) => t(`desk.direction.${call.direction}`) },
        { width: 170, render: (_, call) => <Tel number={call.number} otherwise={t("phone.anonymous")} /> },
        { width: 90, render: (_, call) => <ResultTag call={call} /> },
        { width: 70, align: "right", render: (_, call) => call.talk_ms > 0 && duration(call.talk_ms) },
        { ellipsis: true, render: (_, call) => <Typography.Text type="secondary">{call.note}</Typography.Text> },
      ]}
    />
  );
}
