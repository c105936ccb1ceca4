import { App, Empty, Form, Input, InputNumber, Radio, Select, Skeleton, Typography } from "antd";
import type { FormInstance } from "antd";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { may, useMe } from "../app/session";
import { FormDrawer } from "../kit/FormDrawer";
import { LinkButton } from "../kit/LinkButton";
import { Player } from "../kit/Player";
import { useSaveReview, useSheets, type Criterion, type Review, type Sheet } from "./data";

/** The talk that is judged. */
export interface Talk {
  callId: string;
  /** Null: the call as a whole. */
  recordingId: string | null;
  /** Of the recording, in ms. */
  length?: number | null;
  title: string;
}

interface Values {
  sheet_id: string;
  points: Record<string, number>;
  comment: string;
}

interface Shown {
  talk: Talk;
  /** What is judged again, by the same criteria. */
  review?: Review;
  close: () => void;
}

const MOST_BUTTONS = 10;

/** A score sheet beside the recording that is judged by it. */
export function ReviewDrawer({ talk, review, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const sheets = useSheets();
  const save = useSaveReview(review ?? null);
  const usable = (sheets.data ?? []).filter((sheet) => sheet.in_use);
  if (sheets.isPending) {
    return null;
  }
  const send = async (values: Values): Promise<void> => {
    const kept = await save.mutateAsync({ ...values, call_id: talk.callId, recording_id: talk.recordingId });
    void message.success(t("quality.saved", { total: kept.total }));
  };
  const initial: Partial<Values> = review
    ? { sheet_id: review.sheet_id, points: review.points, comment: review.comment }
    : { comment: "", ...(usable[0] ? { sheet_id: usable[0].id } : {}) };
  return (
    <FormDrawer<Values> title={`${t("quality.judge")} · ${talk.title}`} size={720} initial={initial} save={send} close={close}>
      {(form) => (
        <>
          <Sound talk={talk} />
          <SheetForm form={form} sheets={usable} review={review ?? null} />
        </>
      )}
    </FormDrawer>
  );
}

function Sound({ talk }: { talk: Talk }): ReactNode {
  const { t } = useTranslation();
  const mayListen = may(useMe(), "recordings.listen");
  if (talk.recordingId === null || !mayListen) {
    return null;
  }
  return (
    <div style={{ marginBottom: 20 }}>
      <Player
        address={addressOf(`/api/v1/recordings/${talk.recordingId}/audio`)}
        label={talk.title}
        lanes={[t("quality.customer"), t("quality.agent")]}
        length={talk.length ?? null}
      />
    </div>
  );
}

function SheetForm({
  form,
  sheets,
  review,
}: {
  form: FormInstance<Values>;
  sheets: readonly Sheet[];
  review: Review | null;
}): ReactNode {
  const { t } = useTranslation();
  const chosen = Form.useWatch("sheet_id", form);
  const sheet = sheets.find((one) => one.id === chosen);
  useEffect(() => {
    if (review === null) {
      form.resetFields(["points"]);
    }
  }, [chosen, form, review]);
  if (review === null && sheets.length === 0) {
    return (
      <Empty description={t("quality.noSheets")}>
        <LinkButton type="primary" to="/score-sheets">
          {t("quality.toSheets")}
        </LinkButton>
      </Empty>
    );
  }
  const criteria = review?.criteria ?? sheet?.criteria;
  return (
    <>
      <Form.Item name="sheet_id" label={t("quality.sheet")} rules={[{ required: true, message: t("app.required") }]}>
        <Select
          disabled={review !== null}
          options={
            review
              ? [{ value: review.sheet_id, label: review.sheet_name }]
              : sheets.map(({ id, name }) => ({ value: id, label: name }))
          }
        />
      </Form.Item>
      {criteria === undefined ? <Skeleton active /> : criteria.map((one) => <Judged key={one.key} criterion={one} />)}
      <Form.Item name="comment" label={t("quality.comment")}>
        <Input.TextArea rows={3} maxLength={4000} placeholder={t("quality.commentHint")} />
      </Form.Item>
    </>
  );
}

/** One criterion: as many buttons as there are points, or a number where they are many. */
function Judged({ criterion }: { criterion: Criterion }): ReactNode {
  const { t } = useTranslation();
  const most = criterion.points ?? 5;
  return (
    <Form.Item
      name={["points", criterion.key]}
      label={
        <span>
          {criterion.name}{" "}
          <Typography.Text type="secondary">
            {t("quality.weighs", { weight: criterion.weight })}
          </Typography.Text>
        </span>
      }
      extra={criterion.description}
      rules={[{ required: true, message: t("quality.judgeThis") }]}
    >
      {most <= MOST_BUTTONS ? (
        <Radio.Group
          aria-label={criterion.name}
          optionType="button"
          options={Array.from({ length: most + 1 }, (_, points) => ({ value: points, label: points }))}
        />
      ) : (
        <InputNumber aria-label={criterion.name} min={0} max={most} suffix={`/ ${most}`} style={{ width: 140 }} />
      )}
    </Form.Item>
  );
}
