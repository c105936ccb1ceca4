import { Badge, Card, Flex, Progress, Table, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { bytes, instant } from "../kit/format";
import type { Node } from "./data";

/** Every process of the site, as it last spoke of itself. */
export function NodesTable({ nodes }: { nodes: Node[] }): ReactNode {
  const { t } = useTranslation();
  const columns = useColumns();
  return (
    <Card size="small" title={t("platform.nodes")}>
      <Table<Node>
        rowKey={({ node, host, roles }) => [node, host, ...roles].join(" ")}
        size="small"
        columns={columns}
        dataSource={nodes}
        pagination={false}
        scroll={{ x: 1_000 }}
        locale={{ emptyText: <Typography.Text type="secondary">{t("platform.noNodes")}</Typography.Text> }}
      />
    </Card>
  );
}

function useColumns(): TableColumnsType<Node> {
  const { t } = useTranslation();
  return [
    {
      title: t("platform.node"),
      key: "node",
      width: 140,
      render: (_, { node, host }) => (
        <TwoLines first={<Typography.Text strong>{node}</Typography.Text>} second={host === node ? "" : host} />
      ),
    },
    {
      title: t("platform.roles"),
      dataIndex: "roles",
      render: (roles: Node["roles"]) => (
        <Flex wrap gap={4}>
          {roles.map((role) => (
            <Tag key={role}>{t(`platform.role.${role}`)}</Tag>
          ))}
        </Flex>
      ),
    },
    { title: t("platform.state"), key: "state", width: 160, render: (_, node) => <State node={node} /> },
    { title: t("platform.switch"), key: "switch", width: 190, render: (_, node) => <SwitchState node={node} /> },
    {
      title: t("platform.load"),
      key: "load",
      width: 120,
      render: (_, { load_1m, processors }) =>
        t("platform.loadWords", { load: load_1m.toFixed(2), count: processors }),
    },
    { title: t("platform.disk"), key: "disk", width: 190, render: (_, node) => <Disk node={node} /> },
    {
      title: t("platform.versionSince"),
      key: "version",
      width: 180,
      render: (_, { version, started_at }) => (
        <TwoLines first={version} second={t("platform.sinceWords", { at: instant(started_at) })} />
      ),
    },
  ];
}

function TwoLines({ first, second }: { first: ReactNode; second: string }): ReactNode {
  return (
    <Flex vertical>
      <span>{first}</span>
      {second && <Typography.Text type="secondary">{second}</Typography.Text>}
    </Flex>
  );
}

function State({ node: { alive, seen_at } }: { node: Node }): ReactNode {
  const { t } = useTranslation();
  return (
    <TwoLines
      first={<Badge status={alive ? "success" : "error"} text={alive ? t("platform.alive") : t("platform.silent")} />}
      second={alive ? "" : t("platform.seen", { at: instant(seen_at) })}
    />
  );
}

/** Whether it can be commanded, what it does now, and which program it is. */
function SwitchState({ node }: { node: Node }): ReactNode {
  const { t } = useTranslation();
  if (!node.switch) {
    return "—";
  }
  const { connected, version, calls } = node.switch;
  // What a silent process said of its switch is of long ago.
  if (!node.alive || !connected) {
    return <Badge status="error" text={t("platform.switchDown")} />;
  }
  // What follows the number is the distribution's.
  const program = version ? `Asterisk ${version.split("+")[0] ?? ""}` : "";
  const up = `${t("platform.switchUp")} · ${t("platform.callsCount", { count: calls })}`;
  return <TwoLines first={<Badge status="success" text={up} />} second={program} />;
}

function Disk({ node: { disk_free, disk_total } }: { node: Node }): ReactNode {
  const { t } = useTranslation();
  return (
    <Flex vertical>
      {t("platform.diskWords", { free: bytes(disk_free), total: bytes(disk_total) })}
      <Progress
        percent={Math.round(100 * (1 - disk_free / disk_total))}
        size="small"
        showInfo={false}
        aria-label={t("platform.disk")}
      />
    </Flex>
  );
}
