import { useReactFlow } from "@xyflow/react";
import { Badge, Flex, Tabs, theme } from "antd";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { Canvas, FIT, type Changes } from "./Canvas";
import { copiedNodes, copyNodes } from "./clipboard";
import { ConflictModal } from "./ConflictModal";
import { dryRun, useCheck, useProblems, type Flow, type NodeType } from "./data";
import { DryRunPanel } from "./DryRunPanel";
import { EditorContext, type Editor } from "./editor";
import { EditorBar } from "./EditorBar";
import type { ExitsOf } from "./exits";
import { added, connected, disconnected, draftOf, freeId, idsOf, moved, nodeById, pasted, removed, type Graph } from "./graph";
import { NODE_WIDTH, placed } from "./layout";
import { LeaveGuard } from "./LeaveGuard";
import type { Lit } from "./lit";
import { NodePanel } from "./NodePanel";
import { Palette } from "./Palette";
import { ProblemsPanel } from "./ProblemsPanel";
import { newNode } from "./settings";
import { useThings } from "./things";
import { useGraph, type Editing } from "./useGraph";
import { useLater } from "./useLater";
import { useSaving, type Saving } from "./useSaving";
import { useShortcuts } from "./useShortcuts";
import { VersionsPanel } from "./VersionsPanel";

interface Shown {
  flow: Flow;
  first: Graph;
  types: readonly NodeType[];
  exitsOf: ExitsOf;
}

type Tab = "node" | "problems" | "dryRun" | "versions";

/** A flow on a canvas, with its settings beside it. */
export function FlowEditor({ flow, first, types, exitsOf }: Shown): ReactNode {
  const me = useMe();
  const readOnly = !may(me, "flows.write") || me.enterprise_suspended;
  const editing = useGraph(first);
  const { fitView } = useReactFlow();
  const { graph, change } = editing;
  const [name, setName] = useState(flow.name);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [lit, light] = useState<Lit | null>(null);
  const [tab, setTab] = useState<Tab>("node");
  const things = useThings();
  const current = useMemo(() => draftOf(graph), [graph]);
  const draft = useLater(current);
  const problems = useProblems(flow.id, draft).data ?? [];
  const check = useCheck(flow.id);
  const show = useShow(graph, setChosen);
  // Once the cards stand in their new places.
  const fit = (): number => window.setTimeout(() => void fitView({ ...FIT, duration: 200 }), 50);
  const saving = useSaving(flow, first, graph, name, (theirs, called) => {
    editing.begin(theirs);
    setName(called);
  });
  const choose = (ids: readonly string[]): void => {
    setChosen(ids);
    if (ids.length > 0 && tab !== "dryRun") {
      setTab("node");
    }
  };
  const editor: Editor = { flowId: flow.id, graph, types, exitsOf, things, problems, readOnly, chosen, change, choose, show, fit };
  const changes = useChanges(editor);
  useKeys(editor, editing, saving);
  return (
    <EditorContext value={editor}>
      <Flex vertical style={{ height: "100%" }}>
        <EditorBar
          flowId={flow.id}
          name={name}
          setName={setName}
          editing={editing}
          saving={saving}
          readOnly={readOnly}
          arrange={() => {
            change((before) => placed(before, exitsOf, true));
            fit();
          }}
          check={() => check(current)}
          showProblems={() => setTab("problems")}
        />
        <Flex style={{ flex: 1, minHeight: 0 }}>
          {!readOnly && <Palette types={types} add={changes.addBeside} />}
          <div style={{ flex: 1, minWidth: 0 }}>
            <Canvas
              graph={graph}
              exitsOf={exitsOf}
              things={things}
              problems={problems}
              chosen={chosen}
              lit={lit}
              choose={choose}
              {...(readOnly ? {} : { edit: changes })}
            />
          </div>
          <Side tab={tab} setTab={setTab} problems={problems.length}>
            {{
              node: <NodePanel epoch={editing.epoch} />,
              problems: <ProblemsPanel />,
              dryRun: <DryRunPanel run={(call) => dryRun(flow.id, { ...call, draft: draftOf(graph) })} lit={lit} light={light} />,
              versions: (
                <VersionsPanel
                  published={saving.published}
                  rollBack={saving.rollBack}
                  take={(version) => change(() => placed(version, exitsOf, false))}
                />
              ),
            }}
          </Side>
        </Flex>
      </Flex>
      <LeaveGuard when={saving.isDirty} save={saving.save} />
      {saving.conflict && <ConflictModal conflict={saving.conflict} />}
    </EditorContext>
  );
}

interface SideShown {
  tab: Tab;
  setTab: (tab: Tab) => void;
  problems: number;
  children: Readonly<Record<Tab, ReactNode>>;
}

function Side({ tab, setTab, problems, children }: SideShown): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const tabs: readonly Tab[] = ["node", "problems", "dryRun", "versions"];
  return (
    <aside style={{ width: 332, flex: "none", borderInlineStart: `1px solid ${token.colorBorderSecondary}`, overflowY: "auto", background: token.colorBgContainer }}>
      <Tabs
        activeKey={tab}
        size="small"
        onChange={(key) => setTab(key as Tab)}
        style={{ paddingInline: 12 }}
        items={tabs.map((key) => ({
          key,
          label:
            key === "problems" ? (
              <>
                {t("flows.panel.problems")} <Badge count={problems} size="small" />
              </>
            ) : (
              t(`flows.panel.${key}`)
            ),
          children: children[key],
        }))}
      />
    </aside>
  );
}

/** Brings a node into view and chooses it. */
function useShow(graph: Graph, choose: (ids: readonly string[]) => void): (id: string) => void {
  const { setCenter, getZoom } = useReactFlow();
  return (id) => {
    const [x, y] = nodeById(graph, id)?.position ?? [0, 0];
    choose([id]);
    void setCenter(x + NODE_WIDTH / 2, y + 60, { zoom: Math.max(getZoom(), 0.7), duration: 300 });
  };
}

interface AllChanges extends Changes {
  /** Adds a step beside the one that is chosen, and joins it to its first open exit. */
  readonly addBeside: (kind: string) => void;
}

function useChanges({ graph, exitsOf, chosen, change, choose }: Editor): AllChanges {
  const { screenToFlowPosition, flowToScreenPosition, setCenter, getZoom } = useReactFlow();
  const pane = useRef<Element | null>(null);
  useEffect(() => {
    pane.current = document.querySelector(".flow-canvas");
  }, []);
  const add = (kind: string, position: readonly [number, number], from?: { id: string; exit: string }): void => {
    const id = freeId(idsOf(graph), kind);
    change((before) => {
      const more = added(before, newNode(id, kind, position));
      return from ? connected(more, from.id, from.exit, id) : more;
    });
    choose([id]);
    const box = pane.current?.getBoundingClientRect() ?? new DOMRect();
    const at = flowToScreenPosition({ x: position[0] + NODE_WIDTH, y: position[1] + STEP });
    if (at.x > box.right || at.y > box.bottom) {
      void setCenter(position[0], position[1] + STEP / 2, { zoom: getZoom(), duration: 200 });
    }
  };
  const addBeside = (kind: string): void => {
    const one = chosen.length === 1 ? nodeById(graph, chosen[0] ?? "") : undefined;
    if (one) {
      const exits = exitsOf(one);
      const open = exits.required.find((exit) => one.exits[exit] === undefined);
      const [x, y] = one.position ?? [0, 0];
      add(kind, free(graph, [x + NODE_WIDTH + 96, y]), open === undefined ? undefined : { id: one.id, exit: open });
      return;
    }
    const box = pane.current?.getBoundingClientRect() ?? new DOMRect();
    const { x, y } = screenToFlowPosition({ x: box.x + box.width / 2 - NODE_WIDTH / 2, y: box.y + box.height / 3 });
    add(kind, free(graph, [x, y]));
  };
  return {
    addBeside,
    add,
    move: (places) => change((before) => moved(before, places), "move"),
    connect: (source, exit, target) => change((before) => connected(before, source, exit, target)),
    reconnect: (from, to) => change((before) => connected(disconnected(before, from.source, from.exit), to.source, to.exit, to.target)),
    remove: (ids, ways) => {
      change((before) => ways.reduce((less, way) => disconnected(less, way.source, way.exit), removed(before, ids)));
      choose(chosen.filter((id) => !ids.has(id)));
    },
  };
}

const STEP = 130;

/** The first place from there downwards that no node covers. */
function free(graph: Graph, [x, y]: readonly [number, number]): readonly [number, number] {
  const covers = (place: number): boolean =>
    graph.nodes.some(({ position }) => position && Math.abs(position[0] - x) < NODE_WIDTH && Math.abs(position[1] - place) < STEP - 10);
  let place = y;
  while (covers(place)) {
    place += STEP;
  }
  return [x, place];
}

function useKeys({ graph, chosen, change, choose, readOnly }: Editor, editing: Editing, saving: Saving): void {
  const picked = (): Graph["nodes"] => graph.nodes.filter((node) => chosen.includes(node.id));
  const paste = (nodes: Graph["nodes"]): void => {
    if (!readOnly && nodes.length > 0) {
      const copies = pasted(graph, nodes);
      change(() => copies.graph);
      choose(copies.ids);
    }
  };
  const unless = (action: () => void) => (): void => {
    if (!readOnly) {
      action();
    }
  };
  useShortcuts({
    save: unless(() => void saving.save()),
    undo: unless(editing.undo),
    redo: unless(editing.redo),
    copy: () => copyNodes(picked()),
    cut: unless(() => {
      copyNodes(picked());
      change((before) => removed(before, new Set(chosen)));
      choose([]);
    }),
    paste: () => paste(copiedNodes()),
    duplicate: () => paste(picked()),
    all: () => choose(graph.nodes.map((node) => node.id)),
  });
}
