import { FullscreenExitOutlined, FullscreenOutlined } from "@ant-design/icons";
import { Button, Card, Empty, Skeleton, Table, theme } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { Elapsed } from "../kit/Elapsed";
import { phone } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { useLivePatch, useLiveRefresh, type LiveMessage } from "../live/live";
import { withTold } from "../presence/told";
import { AgentTiles } from "./AgentTiles";
import { useWallboard, type HotlineFigures, type Wallboard } from "./data";
import { Figure } from "./Figure";
import { moodOfLevel } from "./moods";
import { QueueCard } from "./QueueCard";

/** In full screen it is read from further away. */
const LARGER = 1.25;

/** The call centre now and today, on one screen. */
export default function WallboardPage(): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const screen = useRef<HTMLDivElement>(null);
  const isFull = useFullscreen();
  const board = useWallboard();
  useLivePatch<Wallboard>("wallboard", withAgentTold);
  useLiveRefresh(
    ["wallboard"],
    (message) => message.call_id !== undefined || message.type === "agent_state" || message.type === "queue_entry",
  );
  const toggle = (): void => {
    void (isFull ? document.exitFullscreen() : screen.current?.requestFullscreen());
  };
  return (
    <div ref={screen} style={{ background: token.colorBgLayout, overflow: "auto", zoom: isFull ? LARGER : 1 }}>
      <Page
        title={t("wallboard.title")}
        live
        actions={
          <Button icon={isFull ? <FullscreenExitOutlined /> : <FullscreenOutlined />} onClick={toggle}>
            {isFull ? t("wallboard.leaveFull") : t("wallboard.full")}
          </Button>
        }
      >
        {board.isPending && <Skeleton active paragraph={{ rows: 12 }} />}
        {board.isError && !board.data && <LoadFailed error={board.error} retry={() => void board.refetch()} />}
        {board.data && <Board board={board.data} fetchedAt={board.dataUpdatedAt} />}
      </Page>
    </div>
  );
}

function withAgentTold(board: Wallboard, message: LiveMessage): Wallboard {
  const agents = withTold(board.agents, message);
  return agents === board.agents ? board : { ...board, agents };
}

function useFullscreen(): boolean {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const changed = (): void => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  return isFull;
}

function Board({ board, fetchedAt }: { board: Wallboard; fetchedAt: number }): ReactNode {
  const { t } = useTranslation();
  const agents = board.agents.length;
  const offline = board.total.agents["offline"] ?? 0;
  return (
    <>
      <Totals board={board} fetchedAt={fetchedAt} />
      {board.queues.length === 0 ? (
        <NoQueues />
      ) : (
        <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(330px, 1fr))", gap: 12 }}>
          {board.queues.map((queue) => (
            <QueueCard key={queue.queue_id} queue={queue} fetchedAt={fetchedAt} />
          ))}
        </div>
      )}
      <Card
        size="small"
        title={t("wallboard.agents")}
        extra={t("wallboard.signedIn", { on: agents - offline, all: agents })}
        styles={{ body: { background: "transparent" } }}
      >
        <AgentTiles agents={board.agents} at={board.at} fetchedAt={fetchedAt} />
      </Card>
      {board.hotlines.length > 0 && <Hotlines hotlines={board.hotlines} />}
    </>
  );
}

function Totals({ board, fetchedAt }: { board: Wallboard; fetchedAt: number }): ReactNode {
  const { t } = useTranslation();
  const { total } = board;
  const talking = (total.agents["talking"] ?? 0) + (total.agents["on_hold"] ?? 0);
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(118px, 1fr))", gap: 12 }}>
      <Figure label={t("wallboard.waiting")} mood={total.waiting > 0 ? "warn" : "plain"}>
        {total.waiting}
      </Figure>
      <Figure label={t("wallboard.longest")}>
        {total.waiting > 0 ? (
          <Elapsed then={total.longest_wait_seconds * 1000} fetchedAt={fetchedAt} />
        ) : (
          t("wallboard.none")
        )}
      </Figure>
      <Figure label={t("wallboard.level")} help={t("wallboard.levelHelp")} mood={moodOfLevel(total.service_level)}>
        {total.service_level === null ? t("wallboard.none") : `${total.service_level}%`}
      </Figure>
      <Figure label={t("wallboard.answered")} help={t("wallboard.queuesOnly")}>{total.answered}</Figure>
      <Figure label={t("wallboard.abandoned")} help={t("wallboard.queuesOnly")} mood={total.abandoned > 0 ? "bad" : "plain"}>
        {total.abandoned}
      </Figure>
      <Figure label={t("wallboard.inProgress")}>{total.calls_in_progress}</Figure>
      <Figure label={t("wallboard.ready")} mood={(total.agents["ready"] ?? 0) > 0 ? "good" : "warn"}>
        {total.agents["ready"] ?? 0}
      </Figure>
      <Figure label={t("wallboard.busy")}>{talking}</Figure>
    </div>
  );
}

function NoQueues(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Card size="small">
      <Empty
        image={Empty.PRESENTED_IMAGE_SIMPLE}
        description={`${t("wallboard.noQueues")}${t("app.stop")}${t("wallboard.noQueuesHint")}`}
      >
        {may(me, "queues.write") && <LinkButton to="/queues">{t("wallboard.toQueues")}</LinkButton>}
      </Empty>
    </Card>
  );
}

function Hotlines({ hotlines }: { hotlines: readonly HotlineFigures[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<HotlineFigures>
      rowKey="hotline_id"
      size="small"
      pagination={false}
      dataSource={[...hotlines]}
      columns={[
        { title: t("wallboard.hotline"), render: (_, one) => `${phone(one.number)} ${one.name}` },
        { title: t("wallboard.inProgress"), dataIndex: "in_progress", align: "right" },
        { title: t("wallboard.calls"), dataIndex: "calls", align: "right" },
        { title: t("wallboard.answered"), dataIndex: "answered", align: "right" },
        { title: t("wallboard.abandoned"), dataIndex: "abandoned", align: "right" },
      ]}
    />
  );
}
