import { Card, Col, Empty, Row, Table, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useAllHotlines } from "../kit/choices";
import { instant } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { useToday, type MissedCaller, type Today } from "./data";
import { Figures, useDayFigures } from "./Figures";
import { HourBars } from "./HourBars";
import { Tasks } from "./Tasks";

/** The day of an enterprise, for those who lead it. */
export function EnterpriseToday(): ReactNode {
  const today = useToday();
  useLiveRefresh(["today"], (message) => message.call_id !== undefined, 3_000);
  if (today.isError && !today.data) {
    return <LoadFailed error={today.error} retry={() => void today.refetch()} />;
  }
  return today.data ? <Shown today={today.data} /> : <PageSkeleton />;
}

function Shown({ today }: { today: Today }): ReactNode {
  const { t } = useTranslation();
  const figures = useDayFigures(today.total);
  return (
    <>
      <Figures figures={figures} />
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={16}>
          <Card size="small" title={t("today.byHour")} style={{ height: "100%" }}>
            <HourBars hours={today.hours} at={today.at} />
          </Card>
        </Col>
        <Col xs={24} xl={8}>
          <Tasks tasks={today.tasks} />
        </Col>
      </Row>
      <Card size="small" title={t("today.missed")}>
        <Missed callers={today.missed} />
      </Card>
    </>
  );
}

function Missed({ callers }: { callers: MissedCaller[] }): ReactNode {
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
  if (callers.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("today.noneMissed")} />;
  }
  return (
    <>
      <Typography.Paragraph type="secondary">{t("today.missedHint")}</Typography.Paragraph>
      <Table<MissedCaller> rowKey="call_id" size="small" columns={columns} dataSource={callers} pagination={false} scroll={{ x: 700 }} />
    </>
  );
}
