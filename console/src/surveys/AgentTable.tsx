import { Table } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { AgentResult, Results } from "./data";

/** The averages of each agent's callers, question by question. */
export function AgentTable({ results }: { results: Results }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<AgentResult>
      rowKey={(one) => one.agent_id ?? "nobody"}
      size="middle"
      pagination={false}
      dataSource={results.agents}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: t("surveys.none") }}
      columns={[
        {
          title: t("surveys.agent"),
          render: (_, one) => (one.agent_id ? `${one.name} ${one.extension}` : t("surveys.nobody")),
        },
        { title: t("surveys.asked"), dataIndex: "asked", align: "right", width: 100 },
        ...results.questions.map((question) => ({
          key: question.question_id,
          title: question.question,
          align: "right" as const,
          render: (_: unknown, one: AgentResult) => {
            const own = one.questions.find((other) => other.question_id === question.question_id);
            return own && `${own.average?.toFixed(2) ?? "—"} (${t("surveys.answers", { count: own.answers })})`;
          },
        })),
      ]}
    />
  );
}
