import { Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { SurveyPicker } from "../kit/pickers";
import { Grid, NumberField, SwitchField } from "./fields";
import { StrategyField } from "./StrategyField";

/** What it is called and how its callers are given to agents. */
export function Basics(): ReactNode {
  const { t } = useTranslation();
  return (
    <Grid>
      <Form.Item name="name" label={t("app.nameLabel")} rules={[{ required: true, message: t("app.required") }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="extension" label={t("queues.extension")} extra={t("queues.extensionHelp")}>
        <Input maxLength={8} inputMode="numeric" />
      </Form.Item>
      <StrategyField />
      <NumberField name="ring_timeout" label={t("queues.ringTimeout")} min={5} max={120} />
      <NumberField
        name="answer_within"
        label={t("queues.answerWithin")}
        help={t("queues.answerWithinHelp")}
        min={1}
        max={600}
      />
      <NumberField name="weight" label={t("queues.weight")} help={t("queues.weightHelp")} min={1} max={100} />
    </Grid>
  );
}

/** The talk and what follows it. */
export function After(): ReactNode {
  const { t } = useTranslation();
  return (
    <Grid>
      <SwitchField name="recording" label={t("queues.recording")} />
      <SwitchField name="whisper" label={t("queues.whisper")} />
      <NumberField name="wrap_up_seconds" label={t("queues.wrapUp")} help={t("queues.wrapUpHelp")} min={0} max={1800} />
      <Form.Item name="survey_id" label={t("queues.survey")}>
        <SurveyPicker />
      </Form.Item>
    </Grid>
  );
}
