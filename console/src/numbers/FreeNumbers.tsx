import { Button, Flex, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { NumberFilter, useAddressFilters } from "../kit/filters";
import { instant, phone } from "../kit/format";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useFreeNumbers, useGiveUp, type StockNumber } from "./data";
import { NumberDrawer } from "./NumberDrawer";

/** Numbers that no enterprise has. */
export function FreeNumbers(): ReactNode {
  const { t } = useTranslation();
  const { filters, set } = useAddressFilters(["number"] as const);
  const { number } = filters;
  const [assigning, setAssigning] = useState<string | null>(null);
  return (
    <>
      <ResourceTable<StockNumber>
        name="numbers-free"
        pages={useFreeNumbers(number)}
        columns={useColumns(setAssigning)}
        rowKey={(one) => one.id}
        filters={
          <NumberFilter
            label={t("numbers.search")}
            value={number}
            change={(typed) => set({ number: typed.replace(/\D/g, "") })}
          />
        }
        empty={number ? t("numbers.emptyFiltered") : t("numbers.emptyFree")}
        emptyAction={number && <Button onClick={() => set({ number: null })}>{t("app.all")}</Button>}
      />
      {assigning !== null && <NumberDrawer seen={null} number={assigning} close={() => setAssigning(null)} />}
    </>
  );
}

function useColumns(assign: (number: string) => void): TableColumnsType<StockNumber> {
  const { t } = useTranslation();
  const giveUp = useGiveUp();
  return [
    {
      title: t("numbers.number"),
      dataIndex: "number",
      width: 200,
      render: (number: string) => <Typography.Text strong>{phone(number)}</Typography.Text>,
    },
    { title: t("numbers.note"), dataIndex: "note", ellipsis: true },
    { title: t("numbers.registered"), dataIndex: "created_at", width: 180, render: (at: string) => instant(at) },
    {
      key: "actions",
      width: 150,
      render: (_, one) => (
        <Flex gap={4} justify="flex-end" align="center">
          <Button size="small" type="primary" ghost onClick={() => assign(one.number)}>
            {t("numbers.assign")}
          </Button>
          <RemoveButton what={phone(one.number)} remove={() => giveUp.mutateAsync(one.id)} />
        </Flex>
      ),
    },
  ];
}
