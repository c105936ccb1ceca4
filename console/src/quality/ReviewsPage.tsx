import { Progress, Select, Space } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { DaysFilter, useAddressFilters, type Changes, type Filters } from "../kit/filters";
import { instant } from "../kit/format";
import { DownloadButton } from "../kit/DownloadButton";
import { LinkButton } from "../kit/LinkButton";
import { Page } from "../kit/Page";
import { AgentPicker } from "../kit/pickers";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useRemoveReview, useReviews, useSheets, type Review, type ReviewFilters } from "./data";
import { ReviewDrawer } from "./ReviewDrawer";

const NAMES = ["agent_id", "sheet_id", "since", "until"] as const;

/** What was found of talks. */
export default function ReviewsPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const mayJudge = may(me, "quality.write");
  const { filters, set } = useAddressFilters(NAMES);
  const reviews = useReviews(filters as ReviewFilters);
  const remove = useRemoveReview(t("app.removed"));
  const [again, setAgain] = useState<Review | null>(null);
  return (
    <Page
      title={t("quality.title")}
      hint={t(mayJudge ? "quality.hint" : "quality.ownHint")}
      actions={
        may(me, "quality.export") && (
          <DownloadButton path="/api/v1/quality/reviews/export" query={filters} name="reviews">
            {t("quality.export")}
          </DownloadButton>
        )
      }
    >
      <ResourceTable<Review>
        name="reviews"
        exports={false}
        pages={reviews}
        rowKey={(review) => review.id}
        {...(mayJudge ? { open: setAgain } : {})}
        filters={<FilterBar filters={filters} set={set} />}
        empty={mayJudge ? `${t("quality.empty")}${t("app.stop")}${t("quality.emptyHint")}` : t("quality.empty")}
        emptyAction={may(me, "calls.read") && <LinkButton to="/calls">{t("quality.toCalls")}</LinkButton>}
        columns={[
          { title: t("quality.at"), dataIndex: "created_at", width: 170, render: (at: string) => instant(at) },
          { title: t("quality.agent"), dataIndex: "agent_name", width: 110 },
          {
            title: t("quality.total"),
            dataIndex: "total",
            width: 170,
            render: (total: number) => (
              <Progress percent={total} size="small" format={() => String(total)} status="normal" />
            ),
          },
          { title: t("quality.sheet"), dataIndex: "sheet_name", width: 140 },
          { title: t("quality.comment"), dataIndex: "comment", ellipsis: true },
          { title: t("quality.reviewer"), dataIndex: "reviewer_name", width: 110 },
          {
            key: "actions",
            width: 140,
            render: (_, review) => (
              <Space size={0}>
                {may(me, "calls.read") && (
                  <LinkButton type="link" size="small" to={`/calls/${review.call_id}`}>
                    {t("quality.open")}
                  </LinkButton>
                )}
                {may(me, "quality.write") && (
                  <RemoveButton what={t("quality.review")} remove={() => remove.mutateAsync(review.id)} />
                )}
              </Space>
            ),
          },
        ]}
      />
      {again && (
        <ReviewDrawer
          review={again}
          talk={{ callId: again.call_id, recordingId: again.recording_id, title: again.agent_name ?? "" }}
          close={() => setAgain(null)}
        />
      )}
    </Page>
  );
}

interface BarShown {
  filters: Filters<(typeof NAMES)[number]>;
  set: (changes: Changes<(typeof NAMES)[number]>) => void;
}

function FilterBar({ filters, set }: BarShown): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const sheets = useSheets().data ?? [];
  return (
    <>
      {may(me, "agents.read") && (
        <AgentPicker
          style={{ width: 160 }}
          placeholder={t("quality.agent")}
          aria-label={t("quality.agent")}
          value={filters.agent_id ?? null}
          onChange={(agent) => set({ agent_id: agent })}
        />
      )}
      <Select
        allowClear
        style={{ width: 160 }}
        placeholder={t("quality.sheet")}
        aria-label={t("quality.sheet")}
        value={filters.sheet_id ?? null}
        options={sheets.map((sheet) => ({ value: sheet.id, label: sheet.name }))}
        onChange={(sheet?: string) => set({ sheet_id: sheet })}
      />
      <DaysFilter since={filters.since} until={filters.until} change={set} />
    </>
  );
}
