import { Card, Empty, Flex, Progress, Statistic, theme, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { QuestionCount, Results } from "./data";

/** Each question with its average and how its answers are spread. */
export function Summary({ results }: { results: Results }): ReactNode {
  const { t } = useTranslation();
  if (results.questions.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("surveys.none")} />;
  }
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(420px, 1fr))", gap: 16 }}>
      {results.questions.map((question) => (
        <QuestionCard key={question.question_id} question={question} asked={results.asked} />
      ))}
    </div>
  );
}

function QuestionCard({ question, asked }: { question: QuestionCount; asked: number }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const colours = [token.green, token.gold, token.volcano, token.purple, token.cyan, token.magenta];
  return (
    <Card title={question.question} extra={t("surveys.answers", { count: question.answers })}>
      <Flex gap={24} align="center">
        <Flex vertical gap={16} style={{ flex: "none", width: 96 }}>
          <Statistic title={t("surveys.average")} value={question.average ?? "—"} precision={2} />
          <Statistic title={t("surveys.asked")} value={asked} suffix={t("surveys.times")} />
        </Flex>
        <Flex vertical gap={8} style={{ flex: 1 }} component="ul">
          {question.choices.map((choice, place) => (
            <Flex key={`${choice.key} ${choice.label}`} gap={12} align="center" component="li" style={{ listStyle: "none" }}>
              <Typography.Text ellipsis style={{ width: 76, flex: "none" }}>
                {choice.label}
              </Typography.Text>
              <Progress
                percent={100 * choice.share}
                strokeColor={colours[place % colours.length] ?? token.colorPrimary}
                format={() => `${choice.count} · ${Math.round(100 * choice.share)}%`}
                aria-label={choice.label}
              />
            </Flex>
          ))}
        </Flex>
      </Flex>
    </Card>
  );
}
