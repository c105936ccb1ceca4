import { PlusOutlined } from "@ant-design/icons";
import { Button, Typography } from "antd";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { may, useMe } from "../app/session";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useRemoveSchedule, useSchedules, type Schedule } from "./data";
import type { Weekly } from "./hours";
import { OpenNow } from "./OpenNow";
import { WeekInWords } from "./WeekInWords";

export default function SchedulesPage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = may(useMe(), "schedules.write");
  const schedules = useSchedules();
  const columns = useColumns(mayWrite);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate("/schedules/new")}>
      {t("schedules.add")}
    </Button>
  );
  return (
    <Page title={t("schedules.title")} hint={t("schedules.hint")} actions={add}>
      <ResourceTable
        name="schedules"
        pages={schedules}
        columns={columns}
        rowKey={(schedule) => schedule.id}
        open={(schedule) => void navigate(`/schedules/${schedule.id}`)}
        empty={`${t("schedules.empty")}。${t("schedules.emptyHint")}`}
        emptyAction={add}
      />
    </Page>
  );
}

function useColumns(mayWrite: boolean): TableColumnsType<Schedule> {
  const { t } = useTranslation();
  const remove = useRemoveSchedule();
  return [
    {
      title: t("schedules.name"),
      dataIndex: "name",
      width: 200,
      render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
    },
    {
      title: t("schedules.week"),
      key: "week",
      render: (_, schedule) => <WeekInWords weekly={schedule.weekly as unknown as Weekly} />,
    },
    {
      title: t("schedules.ownDays"),
      key: "own",
      width: 120,
      render: (_, { special_days }) => {
        const count = Object.keys(special_days).length;
        return count > 0 ? t("schedules.ownDaysCount", { count }) : "–";
      },
    },
    { title: t("schedules.now"), key: "now", width: 120, render: (_, { id }) => <OpenNow id={id} /> },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, schedule: Schedule) => (
              <RemoveButton what={schedule.name} remove={() => remove.mutateAsync(schedule.id)} />
            ),
          },
        ]
      : []),
  ];
}
