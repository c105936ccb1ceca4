import { Form } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { PromptPicker } from "../kit/PromptPicker";
import { Grid, NumberField, SwitchField } from "./fields";

/** What callers hear while they wait, and how long they may. */
export function WaitingPart(): ReactNode {
  const { t } = useTranslation();
  return (
    <Grid>
      <Form.Item name="music_prompt_id" label={t("queues.music")} extra={t("queues.musicHelp")}>
        <PromptPicker />
      </Form.Item>
      <Form.Item name="busy_prompt_id" label={t("queues.busy")} extra={t("queues.busyHelp")}>
        <PromptPicker />
      </Form.Item>
      <NumberField
        name="announce_every"
        label={t("queues.announceEvery")}
        help={t("queues.announceEveryHelp")}
        min={0}
        max={600}
      />
      <SwitchField name="announce_position" label={t("queues.announcePosition")} />
      <SwitchField name="announce_wait" label={t("queues.announceWait")} />
      <SwitchField name="leave_when_empty" label={t("queues.leaveWhenEmpty")} help={t("queues.leaveWhenEmptyHelp")} />
      <NumberField name="max_wait" label={t("queues.maxWait")} help={t("queues.maxWaitHelp")} min={5} max={7200} />
      <NumberField
        name="max_length"
        label={t("queues.maxLength")}
        help={t("queues.maxLengthHelp")}
        min={1}
        max={10_000}
      />
    </Grid>
  );
}
