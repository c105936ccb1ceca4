import "@xyflow/react/dist/style.css";
import "./flows.css";

import {
  Background,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  type Connection,
  type Edge,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { theme } from "antd";
import { useMemo, useState, type CSSProperties, type DragEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../app/preferences";
import type { FlowProblem } from "./data";
import type { ExitsOf } from "./exits";
import { FlowCard, type Card } from "./FlowCard";
import type { Graph } from "./graph";
import { colourOf } from "./kinds";
import { currentOf, exitsPassed, passesOf, type Lit } from "./lit";
import { problemWords, titleOf } from "./shown";
import type { Things } from "./things";

/** What is taken along when a kind is dragged from the palette. */
export const DRAGGED = "application/x-hotline-node";

interface Shown {
  graph: Graph;
  exitsOf: ExitsOf;
  things: Things;
  problems: readonly FlowProblem[];
  chosen: readonly string[];
  lit: Lit | null;
  choose: (ids: readonly string[]) => void;
  /** Absent: to look at only. */
  edit?: Changes;
}

export interface Changes {
  move: (places: ReadonlyMap<string, readonly [number, number]>) => void;
  connect: (source: string, exit: string, target: string) => void;
  reconnect: (from: { source: string; exit: string }, to: { source: string; exit: string; target: string }) => void;
  remove: (ids: ReadonlySet<string>, ways: readonly { source: string; exit: string }[]) => void;
  add: (kind: string, position: readonly [number, number]) => void;
}

/** How much of the canvas a whole flow fills. */
export const FIT = { maxZoom: 1, padding: 0.12 };
const NODE_TYPES = { card: FlowCard };
const SIGN = ">";

/** The graph as cards with ways between them. */
export function Canvas(shown: Shown): ReactNode {
  const { graph, lit, edit } = shown;
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const { dark } = usePreferences();
  const { screenToFlowPosition } = useReactFlow();
  const cards = useCards(shown);
  const ways = useWays(graph, lit);
  const drop = (event: DragEvent): void => {
    const kind = event.dataTransfer.getData(DRAGGED);
    if (kind && edit) {
      event.preventDefault();
      const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      edit.add(kind, [x, y]);
    }
  };
  return (
    <ReactFlow<Card>
      className="flow-canvas"
      style={variables(token)}
      aria-label={t("flows.canvas")}
      colorMode={dark ? "dark" : "light"}
      nodes={cards.nodes}
      edges={ways.edges}
      nodeTypes={NODE_TYPES}
      onNodesChange={cards.onChange}
      onEdgesChange={ways.onChange}
      onConnect={(made: Connection) => edit?.connect(made.source, made.sourceHandle ?? "", made.target)}
      onReconnect={(old, made) =>
        edit?.reconnect(
          { source: old.source, exit: old.sourceHandle ?? "" },
          { source: made.source, exit: made.sourceHandle ?? "", target: made.target },
        )
      }
      onDelete={({ nodes, edges }) =>
        edit?.remove(new Set(nodes.map((node) => node.id)), edges.map((edge) => ({ source: edge.source, exit: edge.sourceHandle ?? "" })))
      }
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      nodesDraggable={edit !== undefined}
      nodesConnectable={edit !== undefined}
      edgesReconnectable={edit !== undefined}
      deleteKeyCode={edit ? ["Delete", "Backspace"] : null}
      selectionMode={SelectionMode.Partial}
      multiSelectionKeyCode={["Control", "Meta"]}
      connectionRadius={32}
      minZoom={0.2}
      maxZoom={1.5}
      fitView
      fitViewOptions={FIT}
    >
      <Background gap={20} />
      <Controls showInteractive={false} />
      <MiniMap<Card> pannable zoomable style={{ width: 140, height: 96 }} nodeColor={(card) => colourOf(card.data.node.kind, token)} />
    </ReactFlow>
  );
}

type Token = ReturnType<typeof theme.useToken>["token"];

function variables(token: Token): CSSProperties {
  const names = {
    "--flow-surface": token.colorBgContainer,
    "--flow-border": token.colorBorder,
    "--flow-text": token.colorText,
    "--flow-secondary": token.colorTextSecondary,
    "--flow-primary": token.colorPrimary,
    "--flow-error": token.colorError,
    "--flow-success": token.colorSuccess,
    "--flow-handle": token.colorTextTertiary,
  };
  return names as CSSProperties;
}

/** The cards, with what only the screen knows of them: where they are dragged to, how large they are. */
function useCards({ graph, exitsOf, things, problems, chosen, lit, choose, edit }: Shown): {
  nodes: Card[];
  onChange: (changes: NodeChange<Card>[]) => void;
} {
  const { i18n } = useTranslation();
  const [dragged, setDragged] = useState<ReadonlyMap<string, { x: number; y: number }>>(new Map());
  const [sizes, setSizes] = useState<ReadonlyMap<string, { width: number; height: number }>>(new Map());
  const nodes = useMemo(() => {
    const current = currentOf(lit);
    return graph.nodes.map((node): Card => {
      const [x, y] = node.position ?? [0, 0];
      const size = sizes.get(node.id);
      const said = problems.filter((one) => one.node === node.id).map((one) => problemWords(i18n, node, one));
      return {
        id: node.id,
        type: "card",
        position: dragged.get(node.id) ?? { x, y },
        selected: chosen.includes(node.id),
        ariaLabel: [titleOf(i18n, node), ...said].join("，"),
        ...(size ? { measured: size } : {}),
        data: {
          node,
          exits: exitsOf(node),
          things,
          isStart: graph.start === node.id,
          problems: said,
          passes: passesOf(lit, node.id),
          passedExits: exitsPassed(lit, node.id),
          isCurrent: current === node.id,
        },
      };
    });
  }, [graph, exitsOf, things, problems, chosen, lit, dragged, sizes, i18n]);
  const onChange = (changes: NodeChange<Card>[]): void => {
    const still = new Set(chosen);
    const places = new Map<string, readonly [number, number]>();
    const going = new Map(dragged);
    const measured = new Map(sizes);
    for (const change of changes) {
      if (change.type === "select") {
        if (change.selected) {
          still.add(change.id);
        } else {
          still.delete(change.id);
        }
      } else if (change.type === "dimensions" && change.dimensions) {
        measured.set(change.id, change.dimensions);
      } else if (change.type === "position" && change.position) {
        if (change.dragging) {
          going.set(change.id, change.position);
        } else {
          going.delete(change.id);
          places.set(change.id, [Math.round(change.position.x), Math.round(change.position.y)]);
        }
      }
    }
    if (changes.some((change) => change.type === "select")) {
      choose([...still]);
    }
    if (changes.some((change) => change.type === "dimensions")) {
      setSizes(measured);
    }
    if (changes.some((change) => change.type === "position")) {
      setDragged(going);
    }
    if (places.size > 0) {
      edit?.move(places);
    }
  };
  return { nodes, onChange };
}

function useWays(graph: Graph, lit: Lit | null): { edges: Edge[]; onChange: (changes: EdgeChange[]) => void } {
  const { token } = theme.useToken();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const edges = useMemo(() => {
    const there = new Set(graph.nodes.map((node) => node.id));
    return graph.nodes.flatMap((node) => {
      const passed = exitsPassed(lit, node.id);
      return Object.entries(node.exits)
        .filter(([, target]) => there.has(target))
        .map(([exit, target]): Edge => {
          const id = `${node.id}${SIGN}${exit}`;
          const isPassed = passed.includes(exit);
          const colour = isPassed ? token.colorSuccess : token.colorTextTertiary;
          return {
            id,
            source: node.id,
            sourceHandle: exit,
            target,
            selected: selected.has(id),
            animated: isPassed,
            className: isPassed ? "passed" : lit ? "dimmed" : "",
            markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 18, height: 18 },
            zIndex: isPassed ? 1 : 0,
          };
        });
    });
  }, [graph, lit, selected, token]);
  const onChange = (changes: EdgeChange[]): void => {
    const chosen = new Set(selected);
    for (const change of changes) {
      if (change.type === "select") {
        if (change.selected) {
          chosen.add(change.id);
        } else {
          chosen.delete(change.id);
        }
      }
    }
    setSelected(chosen);
  };
  return { edges, onChange };
}
