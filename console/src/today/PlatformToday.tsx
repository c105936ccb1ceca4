import { Button, Card, Col, Row, Table } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useActing } from "../app/acting";
import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { usePlatformToday, type EnterpriseDay, type PlatformToday as Day } from "./data";
import { Figures, useDayFigures } from "./Figures";
import { HourBars } from "./HourBars";
import { Tasks } from "./Tasks";

/** The day of the whole platform, for the operator. */
export function PlatformToday(): ReactNode {
  const today = usePlatformToday();
  if (today.isError && !today.data) {
    return <LoadFailed error={today.error} retry={() => void today.refetch()} />;
  }
  return today.data ? <Shown today={today.data} /> : <PageSkeleton />;
}

function Shown({ today }: { today: Day }): ReactNode {
  const { t } = useTranslation();
  const figures = useDayFigures(today.total);
  return (
    <>
      <Figures figures={[...figures, { title: t("today.enterprises"), value: today.enterprises, ...(today.suspended > 0 ? { suffix: `+ ${today.suspended}` } : {}) }]} />
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
      <Card size="small" title={t("today.busiest")}>
        <Busiest enterprises={today.busiest} />
      </Card>
    </>
  );
}

function Busiest({ enterprises }: { enterprises: EnterpriseDay[] }): ReactNode {
  const { t } = useTranslation();
  const { enter } = useActing();
  const columns = useMemo(
    (): TableColumnsType<EnterpriseDay> => [
      { title: t("today.enterprise"), dataIndex: "name" },
      { title: t("today.calls"), dataIndex: "calls", width: 120, align: "right" },
      { title: t("today.answered"), dataIndex: "answered", width: 120, align: "right" },
      { title: t("today.inProgress"), dataIndex: "in_progress", width: 120, align: "right" },
      {
        title: "",
        width: 120,
        render: (_, one) => (
          <Button size="small" type="link" onClick={() => enter({ id: one.enterprise_id, name: one.name })}>
            {t("nav.enter")}
          </Button>
        ),
      },
    ],
    [t, enter],
  );
  return (
    <Table<EnterpriseDay>
      rowKey="enterprise_id"
      size="small"
      columns={columns}
      dataSource={enterprises}
      pagination={false}
      scroll={{ x: 600 }}
      locale={{ emptyText: t("today.noCalls") }}
    />
  );
}
