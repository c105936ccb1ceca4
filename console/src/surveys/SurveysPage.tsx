import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { instant } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useRemoveSurvey, useSurveys, type Survey } from "./data";
import { SurveyDrawer } from "./SurveyDrawer";

/** What callers are asked after a talk. */
export default function SurveysPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "surveys.write");
  const surveys = useSurveys();
  const remove = useRemoveSurvey(t("app.removed"));
  const [edited, setEdited] = useState<Survey | "new" | null>(null);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
      {t("surveys.add")}
    </Button>
  );
  return (
    <Page title={t("surveys.title")} hint={t("surveys.hint")} actions={add}>
      <ResourceTable<Survey>
        name="surveys"
        pages={surveys}
        rowKey={(survey) => survey.id}
        {...(mayWrite ? { open: setEdited } : {})}
        empty={t("surveys.empty")}
        emptyAction={add}
        columns={[
          { title: t("app.nameLabel"), dataIndex: "name", width: 200 },
          {
            title: t("surveys.questions"),
            key: "questions",
            ellipsis: true,
            render: (_, survey) => survey.questions.map((question) => question.text).join("；"),
          },
          { title: t("app.changedAt"), dataIndex: "updated_at", width: 180, render: (at: string) => instant(at) },
          {
            key: "actions",
            width: 150,
            render: (_, survey) => (
              <>
                <LinkButton type="link" size="small" to={`/survey-results?survey=${survey.id}`}>
                  {t("surveys.results")}
                </LinkButton>
                {mayWrite && <RemoveButton what={survey.name} remove={() => remove.mutateAsync(survey.id)} />}
              </>
            ),
          },
        ]}
      />
      {edited && <SurveyDrawer survey={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </Page>
  );
}
