import { Card, Col, Empty, Flex, Row, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { duration, instant, phone } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { useLiveRefresh } from "../live/live";
import { useOwnAgent, useUnheard, type OwnAgent } from "./data";
import { Figures } from "./Figures";

/** An agent's own day. */
export function AgentToday(): ReactNode {
  const { t } = useTranslation();
  const own = useOwnAgent();
  useLiveRefresh(["today"], () => true, 2_000);
  if (own.isError && !own.data) {
    return <LoadFailed error={own.error} retry={() => void own.refetch()} />;
  }
  if (own.data === undefined) {
    return <PageSkeleton />;
  }
  return own.data ? <Shown own={own.data} /> : <Empty description={t("today.noAgent")} />;
}

function Shown({ own }: { own: OwnAgent }): ReactNode {
  const { t } = useTranslation();
  const { presence, today } = own;
  const secondsIn = (...states: string[]): string =>
    duration(1000 * today.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.seconds, 0));
  return (
    <>
      <Card size="small">
        <Flex gap={12} align="center" wrap>
          <Typography.Text strong>
            {own.agent.extension} {own.agent.name}
          </Typography.Text>
          <Tag color={COLOURS[presence.state] ?? "default"}>{t(`presence.state.${presence.state}`)}</Tag>
          <Typography.Text type="secondary">{t("today.since", { at: instant(presence.since) })}</Typography.Text>
          <Link to="/desk">{t("today.toDesk")}</Link>
        </Flex>
      </Card>
      <Figures
        figures={[
          { title: t("today.ownCalls"), value: presence.calls_today },
          { title: t("today.ownTalk"), value: duration(presence.talk_seconds_today * 1000) },
          { title: t("today.ownReady"), value: secondsIn("ready", "ringing") },
          { title: t("today.ownWrapUp"), value: secondsIn("wrap_up") },
          { title: t("today.ownBreak"), value: secondsIn("break") },
        ]}
      />
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={12}>
          <Unheard />
        </Col>
      </Row>
    </>
  );
}

const COLOURS: Readonly<Record<string, string>> = {
  ready: "green",
  ringing: "gold",
  talking: "blue",
  on_hold: "blue",
  wrap_up: "purple",
  break: "orange",
};

function Unheard(): ReactNode {
  const { t } = useTranslation();
  const messages = useUnheard().data ?? [];
  return (
    <Card size="small" title={t("today.ownMessages")} extra={<Link to="/own-voicemail">{t("today.allOfThem")}</Link>}>
      {messages.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("today.noMessages")} />
      ) : (
        messages.map((message) => (
          <Flex key={message.id} justify="space-between" style={{ paddingBlock: 4 }}>
            <Typography.Text>{message.caller ? phone(message.caller) : t("today.anonymous")}</Typography.Text>
            <Typography.Text type="secondary">{instant(message.left_at)}</Typography.Text>
          </Flex>
        ))
      )}
    </Card>
  );
}
