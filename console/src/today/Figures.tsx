import { Card, Col, Row, Statistic } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { duration } from "../kit/format";
import type { DayFigures } from "./data";

export interface Figure {
  readonly title: string;
  readonly value: string | number;
  readonly suffix?: string;
}

/** Some figures side by side. */
export function Figures({ figures }: { figures: readonly Figure[] }): ReactNode {
  return (
    <Card size="small">
      <Row gutter={[16, 16]}>
        {figures.map((figure) => (
          <Col key={figure.title} flex="1 1 110px">
            <Statistic title={figure.title} value={figure.value} {...(figure.suffix ? { suffix: figure.suffix } : {})} styles={{ content: { fontSize: 22 } }} />
          </Col>
        ))}
      </Row>
    </Card>
  );
}

/** Those of a day's calls. */
export function useDayFigures(total: DayFigures): Figure[] {
  const { t } = useTranslation();
  return [
    { title: t("today.calls"), value: total.calls },
    { title: t("today.inProgress"), value: total.in_progress },
    { title: t("today.answered"), value: total.answered },
    { title: t("today.answerRate"), value: total.answer_rate ?? "—", ...(total.answer_rate === null ? {} : { suffix: "%" }) },
    { title: t("today.abandoned"), value: total.abandoned },
    { title: t("today.averageWait"), value: duration(total.average_wait_seconds * 1000) },
    { title: t("today.averageTalk"), value: duration(total.average_talk_seconds * 1000) },
  ];
}
