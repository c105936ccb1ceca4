import { Card, Col, Empty, Row } from "antd";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { useLiveRefresh } from "../live/live";
import { useToday, type Today } from "./data";
import { Figures, useDayFigures } from "./Figures";
import { HourBars } from "./HourBars";
import { Tasks } from "./Tasks";

/** A table is heavy: the figures need not wait for it. */
const Missed = lazy(() => import("./Missed"));

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
        {today.missed.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("today.noneMissed")} />
        ) : (
          <Suspense fallback={<PageSkeleton />}>
            <Missed callers={today.missed} />
          </Suspense>
        )}
      </Card>
    </>
  );
}
