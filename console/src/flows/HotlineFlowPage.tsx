import { ArrowLeftOutlined, PlusOutlined } from "@ant-design/icons";
import { ReactFlowProvider } from "@xyflow/react";
import { Button, Flex, Tabs, theme, Typography } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { may, useMe } from "../app/session";
import { phone } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { Canvas } from "./Canvas";
import { dryRunOfHotline, useHotlineFlow, useNodeTypes, type NodeType } from "./data";
import { DryRunPanel } from "./DryRunPanel";
import { EditorContext, type Editor } from "./editor";
import { exitsBy } from "./exits";
import { graphOf } from "./graph";
import { placed } from "./layout";
import type { Lit } from "./lit";
import { NewFlow } from "./NewFlow";
import { NodePanel } from "./NodePanel";
import { useThings } from "./things";

/** What callers of a hotline walk now, to look at. */
export default function HotlineFlowPage(): ReactNode {
  const { hotlineId = "" } = useParams();
  const flow = useHotlineFlow(hotlineId);
  const types = useNodeTypes();
  const failed = flow.error ?? types.error;
  if (failed) {
    return <LoadFailed error={failed} />;
  }
  if (!flow.data || !types.data) {
    return <PageSkeleton />;
  }
  return (
    <ReactFlowProvider>
      <Opened id={hotlineId} number={flow.data.name} draft={flow.data.draft} types={types.data} />
    </ReactFlowProvider>
  );
}

interface Shown {
  id: string;
  number: string;
  draft: Record<string, unknown>;
  types: readonly NodeType[];
}

function Opened({ id, number, draft, types }: Shown): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const { token } = theme.useToken();
  const [chosen, choose] = useState<readonly string[]>([]);
  const [lit, light] = useState<Lit | null>(null);
  const [isNew, setNew] = useState(false);
  const things = useThings();
  const editor = useMemo((): Editor => {
    const exitsOf = exitsBy(types);
    return {
      flowId: "",
      graph: placed(graphOf(draft), exitsOf, false),
      types,
      exitsOf,
      things,
      problems: [],
      readOnly: true,
      chosen,
      change: () => undefined,
      choose,
      show: (node) => choose([node]),
      fit: () => undefined,
    };
  }, [types, draft, things, chosen]);
  return (
    <EditorContext value={editor}>
      <Flex vertical style={{ height: "100%" }}>
        <Flex align="center" gap={12} style={{ padding: "8px 12px", background: token.colorBgContainer, borderBottom: `1px solid ${token.colorBorderSecondary}` }}>
          <Link to="/flows" aria-label={t("flows.back")}>
            <ArrowLeftOutlined />
          </Link>
          <Typography.Title level={1} style={{ fontSize: 16, margin: 0 }}>
            {t("flows.ofHotline", { number: phone(number) })}
          </Typography.Title>
          <Typography.Text type="secondary">{t("flows.ofHotlineHint")}</Typography.Text>
          <span style={{ flex: 1 }} />
          {may(me, "flows.write") && (
            <Button icon={<PlusOutlined />} onClick={() => setNew(true)}>
              {t("flows.toFlow")}
            </Button>
          )}
        </Flex>
        <Flex style={{ flex: 1, minHeight: 0 }}>
          <div style={{ flex: 1, minWidth: 0 }}>
            <Canvas graph={editor.graph} exitsOf={editor.exitsOf} things={things} problems={[]} chosen={chosen} lit={lit} choose={choose} />
          </div>
          <aside style={{ width: 332, flex: "none", borderInlineStart: `1px solid ${token.colorBorderSecondary}`, overflowY: "auto", background: token.colorBgContainer }}>
            <Tabs
              size="small"
              style={{ paddingInline: 12 }}
              items={[
                { key: "node", label: t("flows.panel.node"), children: <NodePanel epoch={0} /> },
                { key: "dryRun", label: t("flows.panel.dryRun"), children: <DryRunPanel run={(call) => dryRunOfHotline(id, call)} lit={lit} light={light} /> },
              ]}
            />
          </aside>
        </Flex>
      </Flex>
      {isNew && <NewFlow close={() => setNew(false)} from={id} />}
    </EditorContext>
  );
}
