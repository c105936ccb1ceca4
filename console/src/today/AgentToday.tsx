import { Card, Col, Empty, Flex, Row, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Fetched } from "../kit/Fetched";
import { duration, instant } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { StateTag } from "../presence/StateTag";
import { useOwnAgent, useOwnToday, useUnheard, type OwnAgent, type OwnToday } from "./data";
import { Figures } from "./Figures";
import { HourBars } from "./HourBars";
import { Tasks } from "./Tasks";

/** An agent's own day. */
export function AgentToday(): ReactNode {
  const { t } = useTranslation();
  const own = useOwnAgent();
  useLiveRefresh(["today"], () => true, 2_000);
  const day = useOwnToday(Boolean(own.data));
  const failed = [own, day].find((one) => one.isError && one.data === undefined);
  if (failed?.error) {
    return <LoadFailed error={failed.error} retry={() => void failed.refetch()} />;
  }
  if (own.data === null) {
    return <Empty description={t("today.noAgent")} />;
  }
  return own.data && day.data ? <Shown own={own.data} day={day.data} /> : <PageSkeleton />;
}

function Shown({ own, day }: { own: OwnAgent; day: OwnToday }): ReactNode {
  const { t } = useTranslation();
  const { presence, today } = own;
  const { total } = day;
  const secondsIn = (...states: string[]): string =>
    duration(1000 * today.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.seconds, 0));
  return (
    <>
      <Card size="small">
        <Flex gap={12} align="center" wrap>
          <Typography.Text strong>
            {own.agent.extension} {own.agent.name}
          </Typography.Text>
          <StateTag state={presence.state} reason={presence.reason} />
          <Typography.Text type="secondary">{t("today.since", { at: instant(presence.since) })}</Typography.Text>
          <LinkButton to="/desk">{t("today.toDesk")}</LinkButton>
        </Flex>
      </Card>
      <Figures
        figures={[
          { title: t("today.ownRang"), value: total.calls },
          { title: t("today.answered"), value: total.answered },
          { title: t("today.ownMissed"), value: total.missed },
          { title: t("today.answerRate"), value: total.answer_rate ?? "—", ...(total.answer_rate === null ? {} : { suffix: "%" }) },
          { title: t("today.ownPlaced"), value: total.placed },
          { title: t("today.averageTalk"), value: duration(total.average_talk_seconds * 1000) },
          { title: t("today.ownTalk"), value: duration(presence.talk_seconds_today * 1000) },
        ]}
      />
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={16}>
          <Card size="small" title={t("today.ownByHour")} style={{ height: "100%" }}>
            <HourBars hours={day.hours} at={day.at} />
          </Card>
        </Col>
        <Col xs={24} xl={8}>
          <Tasks tasks={day.tasks} />
        </Col>
      </Row>
      <Figures
        figures={[
          { title: t("today.ownReady"), value: secondsIn("ready", "ringing") },
          { title: t("today.ownWrapUp"), value: secondsIn("wrap_up") },
          { title: t("today.ownBreak"), value: secondsIn("break") },
        ]}
      />
      <Unheard />
    </>
  );
}

function Unheard(): ReactNode {
  const { t } = useTranslation();
  const unheard = useUnheard();
  return (
    <Card size="small" title={t("today.ownMessages")} extra={<Link to="/own-voicemail">{t("today.allOfThem")}</Link>}>
      <Fetched query={unheard}>
        {(messages) =>
          messages.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("today.noMessages")} />
          ) : (
            messages.map((message) => (
              <Flex key={message.id} justify="space-between" style={{ paddingBlock: 4 }}>
                <Tel number={message.caller} otherwise={t("today.anonymous")} />
                <Typography.Text type="secondary">{instant(message.left_at)}</Typography.Text>
              </Flex>
            ))
          )
        }
      </Fetched>
    </Card>
  );
}
