import { Card, Empty, Skeleton, Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAllSurveys } from "../kit/choices";
import { DaysFilter, useAddressFilters } from "../kit/filters";
import { DownloadButton } from "../kit/DownloadButton";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { AgentPicker, SurveyPicker } from "../kit/pickers";
import { AgentTable } from "./AgentTable";
import { AnswerTable } from "./AnswerTable";
import { useResults, type Period } from "./data";
import { Summary } from "./Summary";

const NAMES = ["survey", "tab", "agent_id", "since", "until"] as const;

/** What callers answered. */
export default function ResultsPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const surveys = useAllSurveys();
  const { filters, set } = useAddressFilters(NAMES);
  const { survey, tab, ...period } = filters;
  const chosen = survey ?? surveys.data?.[0]?.id;
  if (surveys.isPending) {
    return <Skeleton active style={{ padding: 24 }} />;
  }
  return (
    <Page
      title={t("surveys.results")}
      actions={
        chosen &&
        may(me, "survey_results.export") && (
          <DownloadButton path={`/api/v1/surveys/${chosen}/export`} query={period} name="survey">
            {t("surveys.export")}
          </DownloadButton>
        )
      }
    >
      {chosen === undefined ? (
        <Card>
          <Empty description={`${t("surveys.noSurveys")}${t("app.stop")}${t("surveys.noSurveysHint")}`}>
            {may(me, "surveys.write") && <LinkButton to="/surveys">{t("surveys.toSurveys")}</LinkButton>}
          </Empty>
        </Card>
      ) : (
        <>
          <search style={{ display: "flex", gap: 12, flexWrap: "wrap" }}>
            <SurveyPicker
              allowClear={false}
              style={{ width: 220 }}
              aria-label={t("surveys.survey")}
              value={chosen}
              onChange={(id) => set({ survey: id })}
            />
            <AgentPicker
              style={{ width: 160 }}
              placeholder={t("surveys.agent")}
              aria-label={t("surveys.agent")}
              value={filters.agent_id ?? null}
              onChange={(agent) => set({ agent_id: agent })}
            />
            <DaysFilter since={filters.since} until={filters.until} change={set} />
          </search>
          <Shown surveyId={chosen} period={period} tab={tab ?? "sum"} change={(to) => set({ tab: to })} />
        </>
      )}
    </Page>
  );
}

interface ShownOf {
  surveyId: string;
  period: Period;
  tab: string;
  change: (tab: string) => void;
}

function Shown({ surveyId, period, tab, change }: ShownOf): ReactNode {
  const { t } = useTranslation();
  const results = useResults(surveyId, period);
  if (results.isError) {
    return <LoadFailed error={results.error} retry={() => void results.refetch()} />;
  }
  if (!results.data) {
    return <Skeleton active />;
  }
  return (
    <Tabs
      activeKey={tab}
      onChange={change}
      items={[
        { key: "sum", label: t("surveys.tabs.sum"), children: <Summary results={results.data} /> },
        { key: "agents", label: t("surveys.tabs.agents"), children: <AgentTable results={results.data} /> },
        {
          key: "answers",
          label: t("surveys.tabs.answers"),
          children: <AnswerTable surveyId={surveyId} period={period} />,
        },
      ]}
    />
  );
}
