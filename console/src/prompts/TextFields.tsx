import { Flex, Form, Input, Select, Slider, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ListenButton } from "../kit/ListenButton";
import { MOST_PREVIEWED, previewOf, useVoices, type PromptValues, type Voice } from "./data";

/** The text, who speaks it and how fast; it can be heard before it is saved. */
export function TextFields(): ReactNode {
  const { t } = useTranslation();
  const form = Form.useFormInstance<PromptValues>();
  const text = Form.useWatch<string | undefined>("text", form)?.trim() ?? "";
  return (
    <>
      <Form.Item
        name="text"
        label={t("prompts.text")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input.TextArea rows={6} maxLength={2000} showCount placeholder={t("prompts.textPlaceholder")} />
      </Form.Item>
      <Form.Item name="voice" label={t("prompts.voice")}>
        <VoicePicker />
      </Form.Item>
      <Form.Item name="speed" label={t("prompts.speed")}>
        <Slider
          min={0.5}
          max={2}
          step={0.1}
          marks={{ 0.5: t("prompts.slow"), 1: t("prompts.usual"), 2: t("prompts.fast") }}
          style={{ marginInline: 12 }}
        />
      </Form.Item>
      <Flex gap={12} align="center">
        <ListenButton
          labelled
          disabled={text === ""}
          source={() => {
            const { voice = null, speed = 1 } = form.getFieldsValue();
            return previewOf(text, voice, speed);
          }}
        />
        {text.length > MOST_PREVIEWED && (
          <Typography.Text type="secondary">{t("prompts.previewLong", { count: MOST_PREVIEWED })}</Typography.Text>
        )}
      </Flex>
    </>
  );
}

interface PickerShown {
  id?: string;
  value?: string | null;
  onChange?: (voice: string | null) => void;
}

function VoicePicker({ value, onChange, ...rest }: PickerShown): ReactNode {
  const { t } = useTranslation();
  const voices = useVoices();
  const nameOf = ({ name, gender }: Voice): string => (gender ? `${name}（${t(`prompts.gender.${gender}`)}）` : name);
  return (
    <Select
      {...rest}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      loading={voices.isLoading}
      placeholder={t("prompts.voiceDefault")}
      options={(voices.data ?? []).map((voice) => ({ value: voice.id, label: nameOf(voice) }))}
      value={value ?? null}
      onChange={(chosen?: string) => onChange?.(chosen ?? null)}
    />
  );
}
