import { Empty, Flex, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Elapsed } from "../kit/Elapsed";
import { duration, phone } from "../kit/format";
import { placeOf, type AgentState } from "../presence/states";
import { useStateColours } from "../presence/useStateColours";
import type { AgentFigures } from "./data";

interface Shown {
  agents: readonly AgentFigures[];
  /** When the server looked, by its clock. */
  at: string;
  fetchedAt: number;
}

/** Every agent as a tile in the colour of the state, those who can be called first. */
export function AgentTiles({ agents, at, fetchedAt }: Shown): ReactNode {
  const { t } = useTranslation();
  if (agents.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("wallboard.noAgents")} />;
  }
  const sorted = [...agents].sort(
    (one, other) => placeOf(one.state) - placeOf(other.state) || one.extension.localeCompare(other.extension),
  );
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(168px, 1fr))", gap: 8 }}>
      {sorted.map((agent) => (
        <Tile key={agent.agent_id} agent={agent} then={Date.parse(at) - Date.parse(agent.since)} fetchedAt={fetchedAt} />
      ))}
    </div>
  );
}

function Tile({ agent, then, fetchedAt }: { agent: AgentFigures; then: number; fetchedAt: number }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const colour = useStateColours()[agent.state as AgentState];
  const why = agent.reason && t(`presence.reason.${agent.reason}`, agent.reason);
  return (
    <Tooltip title={useFiguresOf(agent)}>
      <div
        style={{
          padding: "6px 10px",
          borderRadius: token.borderRadius,
          borderInlineStart: `5px solid ${colour}`,
          background: agent.state === "offline" ? "transparent" : token.colorBgContainer,
        }}
      >
        <Flex justify="space-between" gap={6}>
          <Typography.Text strong ellipsis>
            {agent.name}
          </Typography.Text>
          <Typography.Text type="secondary">{agent.extension}</Typography.Text>
        </Flex>
        <Flex justify="space-between" gap={6}>
          <Typography.Text ellipsis>
            {t(`presence.state.${agent.state}`, agent.state)}
            {why && ` · ${why}`}
          </Typography.Text>
          <Elapsed then={then} fetchedAt={fetchedAt} />
        </Flex>
        <Typography.Text type="secondary" ellipsis style={{ fontSize: 12, display: "block", minHeight: 19 }}>
          {agent.call ? `${phone(agent.call.caller)} ${agent.call.city}` : ""}
        </Typography.Text>
      </div>
    </Tooltip>
  );
}

/** What the agent did today, in one line. */
function useFiguresOf(agent: AgentFigures): string {
  const { t } = useTranslation();
  const level = agent.service_level === null ? t("wallboard.none") : `${agent.service_level}%`;
  return [
    t("wallboard.today", { calls: agent.calls_today }),
    duration(agent.talk_seconds_today * 1000),
    t("wallboard.missed", { count: agent.missed }),
    t("wallboard.gaveUp", { count: agent.abandoned }),
    t("wallboard.levelOf", { level }),
  ].join(" · ");
}
