import { Button, Flex, Segmented, Tabs, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAddressFilters } from "../kit/filters";
import { instant, phone } from "../kit/format";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { KINDS, STATUSES, useRegistered, useReview, type Kind, type Registered, type Status } from "./data";
import { RejectDialog } from "./RejectDialog";

/** Numbers of every enterprise that wait for the operator's word. */
export default function ApprovalsPage(): ReactNode {
  const { t } = useTranslation();
  const { filters, set } = useAddressFilters(["kind", "status"] as const);
  const kind = KINDS.find((one) => one === filters.kind) ?? "destinations";
  const status = STATUSES.find((one) => one === filters.status) ?? "pending";
  return (
    <Page title={t("approvals.title")} hint={t("approvals.hint")}>
      <Tabs
        activeKey={kind}
        onChange={(chosen) => set({ kind: chosen })}
        items={KINDS.map((key) => ({ key, label: t(`approvals.kind.${key}`) }))}
      />
      <Numbers key={kind} kind={kind} status={status} setStatus={(chosen) => set({ status: chosen })} />
    </Page>
  );
}

interface Shown {
  kind: Kind;
  status: Status;
  setStatus: (status: Status) => void;
}

function Numbers({ kind, status, setStatus }: Shown): ReactNode {
  const { t } = useTranslation();
  const numbers = useRegistered(kind, status);
  const [rejecting, setRejecting] = useState<Registered | null>(null);
  const columns = useColumns(kind, status, setRejecting);
  return (
    <>
      <ResourceTable<Registered>
        name="approvals"
        pages={numbers}
        columns={columns}
        rowKey={(one) => one.id}
        filters={
          <Segmented<Status>
            value={status}
            options={STATUSES.map((value) => ({ value, label: t(`approvals.status.${value}`) }))}
            onChange={setStatus}
          />
        }
        empty={t(`approvals.empty.${status}`)}
      />
      {rejecting && <RejectDialog kind={kind} number={rejecting} close={() => setRejecting(null)} />}
    </>
  );
}

function useColumns(
  kind: Kind,
  status: Status,
  reject: (number: Registered) => void,
): TableColumnsType<Registered> {
  const { t } = useTranslation();
  const review = useReview(kind);
  const isWaiting = status === "pending";
  return [
    {
      title: t("approvals.number"),
      dataIndex: "number",
      width: 170,
      render: (number: string) => <Typography.Text strong>{phone(number)}</Typography.Text>,
    },
    { title: t("approvals.label"), dataIndex: "label", ellipsis: true },
    { title: t("approvals.enterprise"), dataIndex: "enterprise_name", ellipsis: true },
    { title: t("approvals.registered"), dataIndex: "created_at", width: 180, render: (at: string) => instant(at) },
    ...(isWaiting
      ? []
      : [
          {
            title: t("approvals.reviewed"),
            dataIndex: "reviewed_at",
            width: 180,
            render: (at: string | null) => (at ? instant(at) : ""),
          },
          { title: t("approvals.note"), dataIndex: "review_note", ellipsis: true },
        ]),
    {
      key: "actions",
      width: 160,
      render: (_, number) => (
        <Flex gap={4} justify="flex-end">
          {status !== "approved" && (
            <Button
              size="small"
              type="primary"
              ghost
              loading={review.isPending && review.variables.of.id === number.id}
              onClick={() => review.mutate({ of: number, decision: "approved", note: "" })}
            >
              {t("approvals.approve")}
            </Button>
          )}
          {status !== "rejected" && (
            <Button size="small" danger type="text" onClick={() => reject(number)}>
              {t("approvals.reject")}
            </Button>
          )}
        </Flex>
      ),
    },
  ];
}
