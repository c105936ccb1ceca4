import { Table, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useAllHotlines } from "../kit/choices";
import { instant } from "../kit/format";
import { Tel } from "../kit/Tel";
import type { MissedCaller } from "./data";

/** Who reached nobody, and can be called back. */
export default function Missed({ callers }: { callers: MissedCaller[] }): ReactNode {
  const { t } = useTranslation();
  const hotlines = useAllHotlines().data;
  const columns = useMemo(
    (): TableColumnsType<MissedCaller> => [
      { title: t("today.caller"), width: 180, dataIndex: "caller", render: (caller: string) => <Tel number={caller} /> },
      { title: t("today.region"), width: 160, render: (_, one) => [...new Set([one.province, one.city])].join(" ") },
      { title: t("today.times"), dataIndex: "times", width: 110, align: "right" },
      { title: t("today.lastAt"), width: 140, render: (_, one) => <Link to={`/calls/${one.call_id}`}>{instant(one.started_at)}</Link> },
      { title: t("today.hotline"), render: (_, one) => hotlines?.find((each) => each.id === one.hotline_id)?.name ?? "" },
    ],
    [t, hotlines],
  );
  return (
    <>
      <Typography.Paragraph type="secondary">{t("today.missedHint")}</Typography.Paragraph>
      <Table<MissedCaller> rowKey="call_id" size="small" columns={columns} dataSource={callers} pagination={false} scroll={{ x: 700 }} />
    </>
  );
}
