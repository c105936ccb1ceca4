import { Card, Table, Typography } from "antd";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { duration } from "../kit/format";
import type { Jobs, Status } from "./data";
import { useTaskWords } from "./useTroubleWords";

interface Shown {
  jobs: Jobs[];
  recordings: Status["recordings"];
}

/** Work in the background that is open or failed. */
export function JobsTable({ jobs, recordings }: Shown): ReactNode {
  const { t } = useTranslation();
  const columns = useColumns();
  return (
    <Card
      size="small"
      title={t("platform.jobs")}
      style={{ height: "100%" }}
      extra={`${t("platform.recordings")} ${t("platform.recordingsCount", { count: recordings.waiting })}`}
    >
      <Table<Jobs>
        rowKey="task"
        size="small"
        columns={columns}
        dataSource={jobs}
        pagination={false}
        scroll={{ x: 560 }}
        locale={{ emptyText: <Typography.Text type="secondary">{t("platform.noJobs")}</Typography.Text> }}
      />
    </Card>
  );
}

function useColumns(): TableColumnsType<Jobs> {
  const { t } = useTranslation();
  const task = useTaskWords();
  const count = (value: number): string => (value === 0 ? "—" : t("platform.times", { count: value }));
  const right = { width: 90, align: "right" } as const;
  return [
    { title: t("platform.job"), dataIndex: "task", render: task },
    { title: t("platform.waiting"), dataIndex: "waiting", ...right, render: count },
    {
      title: t("platform.oldest"),
      key: "oldest",
      ...right,
      render: (_, { waiting, oldest_seconds }) => (waiting === 0 ? "—" : duration(oldest_seconds * 1_000)),
    },
    { title: t("platform.running"), dataIndex: "running", ...right, render: count },
    { title: t("platform.retrying"), dataIndex: "retrying", ...right, render: count },
    {
      title: t("platform.failed"),
      dataIndex: "failed",
      ...right,
      width: 110,
      render: (failed: number) =>
        failed === 0 ? "—" : <Typography.Text type="danger">{count(failed)}</Typography.Text>,
    },
  ];
}
