import { PlusOutlined } from "@ant-design/icons";
import { Button, Tag, Tooltip, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { CarrierDrawer } from "./CarrierDrawer";
import { useCarriers, useRemoveCarrier, type Carrier } from "./data";

/** The ways into the telephone network, in the order in which they are tried. */
export default function CarriersPage(): ReactNode {
  const { t } = useTranslation();
  const carriers = useCarriers();
  const [opened, setOpened] = useState<Carrier | "new" | null>(null);
  const columns = useColumns();
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("carriers.add")}
    </Button>
  );
  return (
    <Page title={t("carriers.title")} hint={t("carriers.hint")} actions={add}>
      <ResourceTable<Carrier>
        name="carriers"
        pages={carriers}
        rowKey={(carrier) => carrier.id}
        open={setOpened}
        empty={t("carriers.empty")}
        emptyAction={add}
        columns={columns}
      />
      {opened && <CarrierDrawer seen={opened === "new" ? null : opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(): TableColumnsType<Carrier> {
  const { t } = useTranslation();
  const remove = useRemoveCarrier();
  return [
    { title: t("carriers.position"), dataIndex: "position", width: 80 },
    {
      title: t("carriers.label"),
      key: "title",
      render: (_, carrier) => <Typography.Text strong>{carrier.title || carrier.name}</Typography.Text>,
    },
    {
      title: t("carriers.name"),
      dataIndex: "name",
      width: 150,
      render: (name: string) => <Typography.Text code>{name}</Typography.Text>,
    },
    {
      title: t("carriers.kindTitle"),
      dataIndex: "kind",
      width: 120,
      render: (kind: Carrier["kind"]) => t(`carriers.kind.${kind}`),
    },
    {
      title: t("carriers.server"),
      key: "server",
      width: 240,
      render: (_, { host, port, transport }) => `${host}:${port} ${transport.toUpperCase()}`,
    },
    { title: t("carriers.health"), key: "health", width: 130, render: (_, carrier) => <HealthTag carrier={carrier} /> },
    {
      key: "actions",
      width: 60,
      render: (_, carrier) => (
        <RemoveButton what={carrier.title || carrier.name} remove={() => remove.mutateAsync(carrier.id)} />
      ),
    },
  ];
}

/** Whether each node of the switch reaches it. */
function HealthTag({ carrier }: { carrier: Carrier }): ReactNode {
  const { t } = useTranslation();
  const { enabled, health } = carrier;
  if (!enabled) {
    return <Tag>{t("carriers.off")}</Tag>;
  }
  if (health.length === 0) {
    return <Tag color="gold">{t("carriers.unknown")}</Tag>;
  }
  const current = health.filter((one) => one.current);
  const isUp = current.every((one) => one.reachable);
  const told = health.map(({ node, reachable, checked_at }) => (
    <div key={node}>
      {t("carriers.checked", {
        node,
        state: reachable ? t("carriers.up") : t("carriers.down"),
        at: instant(checked_at),
      })}
    </div>
  ));
  // What was seen long ago says nothing of now: the switch that looked does not run any more.
  const [colour, words] =
    current.length === 0
      ? ["gold", t("carriers.stale")]
      : isUp
        ? ["green", t("carriers.up")]
        : ["red", t("carriers.down")];
  return (
    <Tooltip title={told}>
      <Tag color={colour} tabIndex={0}>
        {words}
      </Tag>
    </Tooltip>
  );
}
