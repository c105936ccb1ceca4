import { PlusOutlined } from "@ant-design/icons";
import { Button, Select, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { may, useMe } from "../app/session";
import { phone } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { STATUSES, useDestinations, useRemoveDestination, type Destination } from "./data";
import { DestinationDrawer } from "./DestinationDrawer";
import { StatusTag } from "./StatusTag";

export default function DestinationsPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "destinations.write");
  const [address, setAddress] = useSearchParams();
  const status = STATUSES.find((one) => one === address.get("status")) ?? null;
  const destinations = useDestinations(status);
  const [opened, setOpened] = useState<Destination | "new" | null>(null);
  const columns = useColumns(mayWrite);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("destinations.add")}
    </Button>
  );
  return (
    <Page title={t("destinations.title")} hint={t("destinations.hint")} actions={add}>
      <ResourceTable
        name="destinations"
        pages={destinations}
        columns={columns}
        rowKey={(one) => one.id}
        {...(mayWrite && { open: setOpened })}
        filters={
          <Select
            allowClear
            aria-label={t("destinations.statusTitle")}
            placeholder={t("destinations.statusTitle")}
            style={{ width: 140 }}
            value={status}
            options={STATUSES.map((value) => ({ value, label: t(`destinations.status.${value}`) }))}
            onChange={(chosen?: string) => setAddress(chosen ? { status: chosen } : {})}
          />
        }
        empty={status ? t("destinations.emptyFiltered") : `${t("destinations.empty")}${t("app.stop")}${t("destinations.emptyHint")}`}
        emptyAction={!status && add}
      />
      {opened && <DestinationDrawer seen={opened === "new" ? null : opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(mayWrite: boolean): TableColumnsType<Destination> {
  const { t } = useTranslation();
  const remove = useRemoveDestination();
  return [
    {
      title: t("destinations.number"),
      dataIndex: "number",
      width: 160,
      render: (number: string) => <Typography.Text strong>{phone(number)}</Typography.Text>,
    },
    { title: t("destinations.label"), dataIndex: "label" },
    {
      title: t("destinations.statusTitle"),
      width: 110,
      key: "status",
      render: (_, one) => <StatusTag status={one.status} note={one.review_note} />,
    },
    {
      title: t("destinations.ring"),
      dataIndex: "ring_timeout",
      width: 110,
      render: (count: number) => t("destinations.seconds", { count }),
    },
    {
      title: t("destinations.concurrent"),
      dataIndex: "concurrent_cap",
      width: 140,
      render: (count: number | null) =>
        count === null ? t("destinations.unlimited") : t("destinations.lines", { count }),
    },
    {
      title: t("destinations.monthly"),
      dataIndex: "monthly_cap_minutes",
      width: 140,
      render: (count: number | null) =>
        count === null ? t("destinations.unlimited") : t("destinations.minutes", { count }),
    },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, one: Destination) => (
              <RemoveButton what={phone(one.number)} remove={() => remove.mutateAsync(one.id)} />
            ),
          },
        ]
      : []),
  ];
}
