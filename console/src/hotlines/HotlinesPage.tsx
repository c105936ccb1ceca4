import { Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useAllFlows, useAllGroups, useAllSchedules } from "../kit/choices";
import { phone } from "../kit/format";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { STATUS_COLOURS, useHotlines, type Hotline } from "./data";

export default function HotlinesPage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const hotlines = useHotlines();
  const columns = useColumns();
  return (
    <Page title={t("hotlines.title")} hint={t("hotlines.hint")}>
      <ResourceTable
        name="hotlines"
        pages={hotlines}
        columns={columns}
        rowKey={(hotline) => hotline.id}
        open={(hotline) => void navigate(`/hotlines/${hotline.id}`)}
        empty={`${t("hotlines.empty")}${t("app.stop")}${t("hotlines.emptyHint")}`}
      />
    </Page>
  );
}

function useColumns(): TableColumnsType<Hotline> {
  const { t } = useTranslation();
  const schedules = useAllSchedules().data ?? [];
  return [
    {
      title: t("hotlines.number"),
      dataIndex: "number",
      width: 150,
      render: (number: string) => <Typography.Text strong>{phone(number)}</Typography.Text>,
    },
    { title: t("hotlines.name"), dataIndex: "name", width: 180 },
    {
      title: t("hotlines.statusTitle"),
      width: 100,
      key: "status",
      render: (_, { status }) => <Tag color={STATUS_COLOURS[status]}>{t(`hotlines.status.${status}`)}</Tag>,
    },
    { title: t("hotlines.reception"), key: "reception", render: (_, hotline) => <Reception hotline={hotline} /> },
    {
      title: t("hotlines.hours"),
      key: "hours",
      width: 150,
      render: (_, { schedule_id, flow_id }) => {
        if (flow_id !== null) {
          return "–";
        }
        return schedules.find((one) => one.id === schedule_id)?.name ?? t("hotlines.always");
      },
    },
    {
      title: t("hotlines.recording"),
      dataIndex: "recording",
      width: 90,
      render: (recording: boolean) => (recording ? t("app.on") : t("app.off")),
    },
    {
      title: t("hotlines.limit"),
      dataIndex: "concurrent_limit",
      width: 110,
      render: (count: number | null) => (count === null ? t("hotlines.unlimited") : t("hotlines.lines", { count })),
    },
  ];
}

/** Where its calls go, in a few words. */
function Reception({ hotline }: { hotline: Hotline }): ReactNode {
  const { t } = useTranslation();
  const groups = useAllGroups().data;
  const flows = useAllFlows().data;
  if (hotline.flow_id !== null) {
    return t("hotlines.byFlow", { name: flows?.find((one) => one.id === hotline.flow_id)?.name ?? "…" });
  }
  if (hotline.group_id === null) {
    return <Typography.Text type="warning">{t("hotlines.toNobody")}</Typography.Text>;
  }
  return t("hotlines.toGroup", { name: groups?.find((one) => one.id === hotline.group_id)?.name ?? "…" });
}
