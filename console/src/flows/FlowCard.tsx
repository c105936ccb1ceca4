import { WarningFilled } from "@ant-design/icons";
import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { Badge, theme, Tooltip } from "antd";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { namesOf, type Exits } from "./exits";
import type { FlowNode } from "./graph";
import { colourOf, iconOf } from "./kinds";
import { exitLabel, summaryOf, titleOf } from "./shown";
import type { Things } from "./things";

export interface CardData extends Record<string, unknown> {
  readonly node: FlowNode;
  readonly exits: Exits;
  readonly things: Things;
  readonly isStart: boolean;
  readonly problems: readonly string[];
  /** The steps of the dry run that came here, counted from 1; null: none is shown. */
  readonly passes: readonly number[] | null;
  readonly passedExits: readonly string[];
  readonly isCurrent: boolean;
}

export type Card = Node<CardData, "card">;

/** One step on the canvas: what it is, what it says, and its exits. */
export const FlowCard = memo(function FlowCard({ data, selected }: NodeProps<Card>): ReactNode {
  const { t, i18n } = useTranslation();
  const { token } = theme.useToken();
  const { node, passes } = data;
  const summary = summaryOf(i18n, t, node, data.things);
  return (
    <div className={classesOf(data, selected)}>
      {data.isStart && <span className="begins">▶ {t("flows.startsHere")}</span>}
      {passes && passes.length > 0 && <Badge className="order" count={passes.join(",")} color={token.colorSuccess} />}
      <Handle type="target" position={Position.Left} isConnectableStart={false} />
      <header>
        <span style={{ color: colourOf(node.kind, token) }}>{iconOf(node.kind)}</span>
        <strong title={titleOf(i18n, node)}>{titleOf(i18n, node)}</strong>
        {data.problems.length > 0 && (
          <Tooltip title={data.problems.map((words) => <div key={words}>{words}</div>)}>
            <WarningFilled style={{ color: token.colorError }} aria-label={data.problems.join("；")} />
          </Tooltip>
        )}
      </header>
      {summary && <div className="summary">{summary}</div>}
      <ExitRows data={data} />
    </div>
  );
});

function classesOf(data: CardData, selected: boolean): string {
  const passed = (data.passes?.length ?? 0) > 0;
  const classes = {
    "flow-card": true,
    chosen: selected,
    wrong: data.problems.length > 0,
    passed,
    current: data.isCurrent,
    dimmed: data.passes !== null && !passed,
  };
  return Object.entries(classes)
    .filter(([, on]) => on)
    .map(([name]) => name)
    .join(" ");
}

function ExitRows({ data }: { data: CardData }): ReactNode {
  const { i18n } = useTranslation();
  const { node, exits, passedExits } = data;
  return (
    <ul>
      {namesOf(exits).map((exit) => {
        const isOpen = node.exits[exit] === undefined;
        const look = isOpen ? (exits.required.includes(exit) ? "open-end" : "optional") : "";
        return (
          <li key={exit} className={passedExits.includes(exit) ? "passed" : look}>
            <span>{exitLabel(i18n, node, exit)}</span>
            <Handle id={exit} type="source" position={Position.Right} />
          </li>
        );
      })}
    </ul>
  );
}
