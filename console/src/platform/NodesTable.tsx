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
        locale={{ emptyText: t("platform.noNodes") }}
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
      render: (_, { node, host }) => (
        <>
          <Typography.Text strong>{node}</Typography.Text>{" "}
          {host !== node && <Typography.Text type="secondary">{host}</Typography.Text>}
        </>
      ),
    },
    {
      title: t("platform.roles"),
      dataIndex: "roles",
      width: 250,
      render: (roles: Node["roles"]) => (
        <Flex wrap gap={4}>
          {roles.map((role) => (
            <Tag key={role}>{t(`platform.role.${role}`)}</Tag>
          ))}
        </Flex>
      ),
    },
    { title: t("platform.state"), key: "state", width: 170, render: (_, node) => <State node={node} /> },
    { title: t("platform.switch"), key: "switch", width: 190, render: (_, node) => <SwitchState node={node} /> },
    {
      title: t("platform.calls"),
      key: "calls",
      width: 110,
      render: (_, node) => (node.switch ? t("platform.callsCount", { count: node.switch.calls }) : "—"),
    },
    {
      title: t("platform.load"),
      key: "load",
      width: 120,
      render: (_, { load_1m, processors }) =>
        t("platform.loadWords", { load: load_1m.toFixed(2), count: processors }),
    },
    { title: t("platform.disk"), key: "disk", width: 190, render: (_, node) => <Disk node={node} /> },
    { title: t("platform.version"), dataIndex: "version", width: 80 },
    { title: t("platform.since"), dataIndex: "started_at", width: 170, render: (at: string) => instant(at) },
  ];
}

function State({ node: { alive, seen_at } }: { node: Node }): ReactNode {
  const { t } = useTranslation();
  return (
    <Flex vertical>
      <Badge status={alive ? "success" : "error"} text={alive ? t("platform.alive") : t("platform.silent")} />
      {!alive && <Typography.Text type="secondary">{t("platform.seen", { at: instant(seen_at) })}</Typography.Text>}
    </Flex>
  );
}

function SwitchState({ node }: { node: Node }): ReactNode {
  const { t } = useTranslation();
  if (!node.switch) {
    return "—";
  }
  const { connected, version } = node.switch;
  // What a silent process said of its switch is of long ago.
  const isUp = node.alive && connected;
  return (
    <Badge
      status={isUp ? "success" : "error"}
      text={isUp ? `${t("platform.switchUp")}${version ? ` · Asterisk ${version}` : ""}` : t("platform.switchDown")}
    />
  );
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
