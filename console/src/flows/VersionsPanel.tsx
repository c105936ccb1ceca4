import { Alert, Button, Empty, Flex, Popconfirm, Skeleton, Tag, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { differences, type Difference } from "./compare";
import { useVersions, type FlowVersion } from "./data";
import { useEditor } from "./editor";
import { graphOf, nodeById, type Graph } from "./graph";
import { iconOf } from "./kinds";
import { defaultsOf } from "./settings";
import { settingName, titleOf } from "./shown";

interface Shown {
  published: number | null;
  rollBack: (version: number) => Promise<unknown>;
  /** Makes a version the draft, which can be undone. */
  take: (graph: Graph) => void;
}

/** What was published, when and by whom; how the draft differs; the way back. */
export function VersionsPanel({ published, rollBack, take }: Shown): ReactNode {
  const { t } = useTranslation();
  const { flowId, readOnly } = useEditor();
  const versions = useVersions(flowId);
  const [compared, setCompared] = useState<FlowVersion | null>(null);
  if (versions.isPending) {
    return <Skeleton active />;
  }
  const known = versions.data?.pages.flat() ?? [];
  if (known.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("flows.version.none")} />;
  }
  return (
    <Flex vertical gap={16}>
      {known.map((version) => (
        <Flex vertical gap={2} key={version.version}>
          <Flex gap={8} align="center">
            <strong>{t("flows.version.number", { version: version.version })}</strong>
            {version.version === published && <Tag color="green">{t("flows.version.live")}</Tag>}
          </Flex>
          <Typography.Text>{version.note || t("flows.version.noNote")}</Typography.Text>
          <Typography.Text type="secondary" style={{ fontSize: 12 }}>
            {version.published_by} · {instant(version.published_at)}
          </Typography.Text>
          <Flex gap={4} wrap style={{ marginInlineStart: -7 }}>
            <Button size="small" type="text" onClick={() => setCompared(compared === version ? null : version)}>
              {t("flows.version.compare")}
            </Button>
            {!readOnly && (
              <Button size="small" type="text" onClick={() => take(graphOf(version.graph))}>
                {t("flows.version.toDraft")}
              </Button>
            )}
            {!readOnly && version.version !== published && (
              <Popconfirm
                title={t("flows.version.rollBackAsk", { version: version.version })}
                onConfirm={() => rollBack(version.version).catch(() => undefined)}
              >
                <Button size="small" type="text">
                  {t("flows.version.rollBack")}
                </Button>
              </Popconfirm>
            )}
          </Flex>
          {compared?.version === version.version && <Comparison version={version} />}
        </Flex>
      ))}
      {versions.hasNextPage && (
        <Button loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
          {t("flows.version.older")}
        </Button>
      )}
    </Flex>
  );
}

function Comparison({ version }: { version: FlowVersion }): ReactNode {
  const { t } = useTranslation();
  const { graph, types } = useEditor();
  const found = differences(graphOf(version.graph), graph, (kind) => defaultsOf(types, kind));
  if (found.length === 0) {
    return <Alert type="success" title={t("flows.version.same", { version: version.version })} />;
  }
  return (
    <Alert
      type="info"
      title={t("flows.version.differs", { version: version.version })}
      description={
        <Flex vertical>
          {found.map((one) => (
            <Line key={`${one.change} ${one.node.id}`} difference={one} />
          ))}
        </Flex>
      }
    />
  );
}

const COLOURS = { added: "green", removed: "red", changed: "gold", start: "blue" } as const;

function Line({ difference }: { difference: Difference }): ReactNode {
  const { t, i18n } = useTranslation();
  const { graph, show } = useEditor();
  const { node, change, settings } = difference;
  const isThere = nodeById(graph, node.id) !== undefined;
  return (
    <Button
      type="text"
      size="small"
      icon={iconOf(node.kind)}
      disabled={!isThere}
      style={{ height: "auto", justifyContent: "flex-start", textAlign: "start", whiteSpace: "normal" }}
      onClick={() => show(node.id)}
    >
      <span>
        <Tag color={COLOURS[change]}>{t(`flows.version.${change}`)}</Tag>
        {titleOf(i18n, node)}
        {settings.length > 0 && `：${settings.map((one) => settingName(i18n, node.kind, one)).join("、")}`}
      </span>
    </Button>
  );
}
