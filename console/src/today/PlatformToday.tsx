import { Card, Col, Row } from "antd";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { usePlatformToday, type PlatformToday as Day } from "./data";
import { Figures, useDayFigures } from "./Figures";
import { HourBars } from "./HourBars";
import { Tasks } from "./Tasks";

/** A table is heavy: the figures need not wait for it. */
const Busiest = lazy(() => import("./Busiest"));

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
        <Suspense fallback={<PageSkeleton />}>
          <Busiest enterprises={today.busiest} />
        </Suspense>
      </Card>
    </>
  );
}
