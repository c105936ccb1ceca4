import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Input, Popconfirm, Select, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useActing } from "../app/acting";
import { useAddressFilters } from "../kit/filters";
import { day, yuan } from "../kit/format";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { BalanceDrawer } from "./BalanceDrawer";
import { STATUSES, useEnterprises, useResume, useSuspend, type Enterprise } from "./data";
import { ChangeEnterpriseDrawer, NewEnterpriseDrawer } from "./EnterpriseDrawer";

type Opened = { what: "new" } | { what: "edit" | "balance"; enterprise: Enterprise };

/** Everyone who uses the platform, for the operator. */
export default function EnterprisesPage(): ReactNode {
  const { t } = useTranslation();
  const { filters, set, clear } = useAddressFilters(["status", "text"] as const);
  const status = STATUSES.find((one) => one === filters.status);
  const { text } = filters;
  const enterprises = useEnterprises({ ...(status && { status }), ...(text && { text }) });
  const [opened, setOpened] = useState<Opened | null>(null);
  const columns = useColumns((enterprise) => setOpened({ what: "balance", enterprise }));
  const isFiltered = Boolean(status ?? text);
  const close = (): void => setOpened(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened({ what: "new" })}>
      {t("enterprises.add")}
    </Button>
  );
  return (
    <Page title={t("enterprises.title")} hint={t("enterprises.hint")} actions={add}>
      <ResourceTable<Enterprise>
        name="enterprises"
        pages={enterprises}
        columns={columns}
        rowKey={(one) => one.id}
        open={(enterprise) => setOpened({ what: "edit", enterprise })}
        filters={
          <>
            <Input.Search
              key={text ?? ""}
              allowClear
              aria-label={t("enterprises.search")}
              placeholder={t("enterprises.search")}
              defaultValue={text ?? ""}
              style={{ width: 220 }}
              onSearch={(typed) => set({ text: typed.trim() })}
            />
            <Select
              allowClear
              aria-label={t("enterprises.statusTitle")}
              placeholder={t("enterprises.statusTitle")}
              style={{ width: 130 }}
              value={status ?? null}
              options={STATUSES.map((value) => ({ value, label: t(`enterprises.status.${value}`) }))}
              onChange={(chosen?: string) => set({ status: chosen })}
            />
          </>
        }
        empty={isFiltered ? t("enterprises.emptyFiltered") : t("enterprises.empty")}
        emptyAction={isFiltered ? <Button onClick={clear}>{t("app.all")}</Button> : add}
      />
      {opened?.what === "new" && <NewEnterpriseDrawer close={close} />}
      {opened?.what === "edit" && <ChangeEnterpriseDrawer enterprise={opened.enterprise} close={close} />}
      {opened?.what === "balance" && <BalanceDrawer enterprise={opened.enterprise} close={close} />}
    </Page>
  );
}

function useColumns(openBalance: (enterprise: Enterprise) => void): TableColumnsType<Enterprise> {
  const { t } = useTranslation();
  return [
    {
      title: t("enterprises.name"),
      dataIndex: "name",
      render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
    },
    {
      title: t("enterprises.statusTitle"),
      dataIndex: "status",
      width: 110,
      render: (status: Enterprise["status"]) => (
        <Tag color={status === "active" ? "green" : "red"}>{t(`enterprises.status.${status}`)}</Tag>
      ),
    },
    {
      title: t("enterprises.balance"),
      dataIndex: "balance",
      width: 130,
      align: "right",
      render: (balance: string) => (
        <Typography.Text {...(balance.startsWith("-") && { type: "danger" })}>{yuan(balance)}</Typography.Text>
      ),
    },
    {
      title: t("enterprises.creditLimit"),
      dataIndex: "credit_limit",
      width: 130,
      align: "right",
      render: (limit: string) => yuan(limit),
    },
    { title: t("enterprises.createdAt"), dataIndex: "created_at", width: 130, render: (at: string) => day(at) },
    {
      key: "actions",
      width: 250,
      render: (_, enterprise) => <RowActions enterprise={enterprise} openBalance={openBalance} />,
    },
  ];
}

interface ActionsShown {
  enterprise: Enterprise;
  openBalance: (enterprise: Enterprise) => void;
}

function RowActions({ enterprise, openBalance }: ActionsShown): ReactNode {
  const { t } = useTranslation();
  const { enter } = useActing();
  const suspend = useSuspend();
  const resume = useResume();
  const { id, name, status } = enterprise;
  return (
    <Flex gap={4} justify="flex-end">
      <Button size="small" type="primary" ghost onClick={() => enter({ id, name })}>
        {t("enterprises.enter")}
      </Button>
      <Button size="small" type="text" onClick={() => openBalance(enterprise)}>
        {t("enterprises.money")}
      </Button>
      {status === "active" ? (
        <Popconfirm
          title={t("enterprises.suspendThis", { name })}
          description={t("enterprises.suspendHelp")}
          okText={t("enterprises.suspend")}
          okButtonProps={{ danger: true }}
          styles={{ root: { maxWidth: 360 } }}
          onConfirm={() => suspend.mutateAsync(id).catch(() => undefined)}
        >
          <Button size="small" type="text" danger>
            {t("enterprises.suspend")}
          </Button>
        </Popconfirm>
      ) : (
        <Button size="small" type="text" loading={resume.isPending} onClick={() => resume.mutate(id)}>
          {t("enterprises.resume")}
        </Button>
      )}
    </Flex>
  );
}
