import { Button, Popconfirm, Select, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { EnterprisePicker } from "../enterprises/EnterprisePicker";
import { NumberFilter, useAddressFilters } from "../kit/filters";
import { instant, phone } from "../kit/format";
import { ResourceTable } from "../kit/ResourceTable";
import { STATUSES, useNumbers, useWithdraw, type AssignedNumber } from "./data";
import { NumberDrawer } from "./NumberDrawer";

const COLOURS: Readonly<Record<AssignedNumber["status"], string>> = {
  pending: "orange",
  active: "green",
  suspended: "red",
  closed: "default",
};

/** Which enterprise has which number. */
export function AssignedNumbers(): ReactNode {
  const { t } = useTranslation();
  const { filters, set, clear } = useAddressFilters(["status", "number", "enterprise"] as const);
  const status = STATUSES.find((one) => one === filters.status);
  const { number, enterprise } = filters;
  const numbers = useNumbers({
    ...(status && { status }),
    ...(number && { number }),
    ...(enterprise && { enterprise }),
  });
  const [opened, setOpened] = useState<AssignedNumber | null>(null);
  const columns = useColumns();
  const isFiltered = Boolean(status ?? number ?? enterprise);
  return (
    <>
      <ResourceTable<AssignedNumber>
        name="numbers"
        pages={numbers}
        columns={columns}
        rowKey={(one) => one.id}
        open={setOpened}
        filters={
          <>
            <NumberFilter
              label={t("numbers.search")}
              value={number}
              change={(typed) => set({ number: typed.replace(/\D/g, "") })}
            />
            <EnterprisePicker
              aria-label={t("numbers.enterprise")}
              placeholder={t("numbers.enterprise")}
              style={{ width: 200 }}
              value={enterprise ?? null}
              onChange={(id) => set({ enterprise: id })}
            />
            <Select
              allowClear
              aria-label={t("numbers.statusTitle")}
              placeholder={t("numbers.statusTitle")}
              style={{ width: 130 }}
              value={status ?? null}
              options={STATUSES.map((value) => ({ value, label: t(`numbers.status.${value}`) }))}
              onChange={(chosen?: string) => set({ status: chosen })}
            />
          </>
        }
        empty={isFiltered ? t("numbers.emptyFiltered") : t("numbers.empty")}
        emptyAction={isFiltered && <Button onClick={clear}>{t("app.all")}</Button>}
      />
      {opened && <NumberDrawer seen={opened} close={() => setOpened(null)} />}
    </>
  );
}

function useColumns(): TableColumnsType<AssignedNumber> {
  const { t } = useTranslation();
  const withdraw = useWithdraw();
  return [
    {
      title: t("numbers.number"),
      dataIndex: "number",
      width: 170,
      render: (number: string) => <Typography.Text strong>{phone(number)}</Typography.Text>,
    },
    { title: t("numbers.enterprise"), dataIndex: "enterprise_name", ellipsis: true },
    { title: t("numbers.name"), dataIndex: "name", ellipsis: true },
    {
      title: t("numbers.statusTitle"),
      dataIndex: "status",
      width: 110,
      render: (status: AssignedNumber["status"]) => <Tag color={COLOURS[status]}>{t(`numbers.status.${status}`)}</Tag>,
    },
    {
      title: t("numbers.lines"),
      dataIndex: "concurrent_limit",
      width: 110,
      render: (count: number | null) => (count === null ? t("numbers.unlimited") : t("numbers.linesCount", { count })),
    },
    { title: t("numbers.assigned"), dataIndex: "created_at", width: 180, render: (at: string) => instant(at) },
    {
      key: "actions",
      width: 90,
      render: (_, one) => (
        <Popconfirm
          title={t("numbers.withdrawThis", { number: phone(one.number) })}
          description={t("numbers.withdrawHelp")}
          okText={t("numbers.withdraw")}
          okButtonProps={{ danger: true }}
          styles={{ root: { maxWidth: 340 } }}
          onConfirm={() => withdraw.mutateAsync(one).catch(() => undefined)}
        >
          <Button danger type="text" size="small">
            {t("numbers.withdraw")}
          </Button>
        </Popconfirm>
      ),
    },
  ];
}
