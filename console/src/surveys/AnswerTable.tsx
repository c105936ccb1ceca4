import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { instant } from "../kit/format";
import { useNames } from "../kit/names";
import { ResourceTable } from "../kit/ResourceTable";
import { useAnswers, type Answer, type Period } from "./data";

/** Each single answer, with the call in which it was given. */
export function AnswerTable({ surveyId, period }: { surveyId: string; period: Period }): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <ResourceTable<Answer>
      name="survey-answers"
      exports={false}
      pages={useAnswers(surveyId, period)}
      rowKey={(answer) => answer.id}
      empty={t("surveys.none")}
      columns={[
        { title: t("surveys.at"), dataIndex: "at", width: 170, render: (at: string) => instant(at) },
        { title: t("surveys.agent"), key: "agent", width: 130, render: (_, one) => names.agent(one.agent_id) },
        { title: t("surveys.question"), dataIndex: "question", ellipsis: true },
        {
          title: t("surveys.answer"),
          key: "answer",
          width: 150,
          render: (_, one) => (
            <>
              <Tag>{one.key}</Tag>
              {one.label}
            </>
          ),
        },
        { title: t("surveys.score"), dataIndex: "score", width: 80, align: "right" },
        {
          title: t("surveys.call"),
          key: "call",
          width: 110,
          render: (_, one) => <Link to={`/calls/${one.call_id}`}>{t("calls.detail")}</Link>,
        },
      ]}
    />
  );
}
