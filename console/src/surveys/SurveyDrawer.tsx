import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Card, Divider, Flex, Form, Input, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { PromptPicker } from "../kit/PromptPicker";
import { useSaveSurvey, type Survey } from "./data";
import { rowsOfSurvey, surveyOfRows, type QuestionRow, type SurveyRows } from "./rows";

const MOST_QUESTIONS = 10;
const KEYS = [..."1234567890*#"].map((key) => ({ value: key, label: key }));

/** A survey: its questions, what is heard, what keys mean. */
export function SurveyDrawer({ survey, close }: { survey: Survey | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveSurvey(survey, t("app.saved"));
  const usual: Partial<QuestionRow> = {
    tries: 2,
    timeout_seconds: 5,
    keys: [
      { key: "1", label: t("surveys.usual.satisfied"), score: 5 },
      { key: "2", label: t("surveys.usual.fair"), score: 3 },
      { key: "3", label: t("surveys.usual.unsatisfied"), score: 1 },
    ],
  };
  const needed = [{ required: true, message: t("app.required") }];
  return (
    <FormDrawer<SurveyRows>
      title={survey ? t("surveys.edit") : t("surveys.add")}
      size={680}
      initial={survey ? rowsOfSurvey(survey) : { name: "", questions: [usual as QuestionRow] }}
      save={(values) => save.mutateAsync(surveyOfRows(values))}
      close={close}
    >
      <Form.Item name="name" label={t("app.nameLabel")} rules={needed}>
        <Input maxLength={100} placeholder={t("surveys.example")} />
      </Form.Item>
      <Form.Item label={t("surveys.questions")} required>
        <Form.List name="questions">
          {(rows, { add, remove }) => (
            <Flex vertical gap={12}>
              {rows.map((row) => (
                <QuestionCard key={row.key} place={row.name} remove={rows.length > 1 ? () => remove(row.name) : null} />
              ))}
              <Button
                type="dashed"
                icon={<PlusOutlined />}
                disabled={rows.length >= MOST_QUESTIONS}
                onClick={() => add(usual)}
              >
                {t("surveys.addQuestion")}
              </Button>
            </Flex>
          )}
        </Form.List>
      </Form.Item>
      <Divider titlePlacement="start">{t("surveys.voices")}</Divider>
      <Form.Item name="intro_prompt_id" label={t("surveys.intro")} extra={t("surveys.introHelp")}>
        <PromptPicker />
      </Form.Item>
      <Form.Item name="invalid_prompt_id" label={t("surveys.invalid")} extra={t("surveys.defaultHelp")}>
        <PromptPicker />
      </Form.Item>
      <Form.Item name="thanks_prompt_id" label={t("surveys.thanks")} extra={t("surveys.defaultHelp")}>
        <PromptPicker />
      </Form.Item>
    </FormDrawer>
  );
}

function QuestionCard({ place, remove }: { place: number; remove: (() => void) | null }): ReactNode {
  const { t } = useTranslation();
  const needed = [{ required: true, message: t("app.required") }];
  return (
    <Card
      size="small"
      title={`${t("surveys.question")} ${place + 1}`}
      extra={
        remove && (
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={t("surveys.removeQuestion")}
            onClick={remove}
          />
        )
      }
    >
      <Form.Item name={[place, "id"]} hidden>
        <Input />
      </Form.Item>
      <Form.Item name={[place, "text"]} label={t("surveys.text")} rules={needed}>
        <Input maxLength={200} placeholder={t("surveys.textExample")} />
      </Form.Item>
      <Form.Item name={[place, "prompt_id"]} label={t("surveys.prompt")} rules={needed}>
        <PromptPicker />
      </Form.Item>
      <Form.Item label={t("surveys.keys")} required style={{ marginBottom: 8 }}>
        <Keys place={place} />
      </Form.Item>
      <Flex gap={16}>
        <Form.Item name={[place, "tries"]} label={t("surveys.tries")} style={{ flex: 1, marginBottom: 0 }}>
          <InputNumber min={1} max={5} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name={[place, "timeout_seconds"]} label={t("surveys.timeout")} style={{ flex: 1, marginBottom: 0 }}>
          <InputNumber min={1} max={30} style={{ width: "100%" }} />
        </Form.Item>
      </Flex>
    </Card>
  );
}

function Keys({ place }: { place: number }): ReactNode {
  const { t } = useTranslation();
  const needed = [{ required: true, message: t("app.required") }];
  return (
    <Form.List name={[place, "keys"]}>
      {(rows, { add, remove }) => (
        <Flex vertical gap={8}>
          {rows.map((row) => (
            <Flex key={row.key} gap={8} align="start">
              <Form.Item name={[row.name, "key"]} rules={needed} noStyle>
                <Select options={KEYS} aria-label={t("surveys.key")} style={{ width: 72 }} />
              </Form.Item>
              <Form.Item name={[row.name, "label"]} rules={needed} noStyle>
                <Input maxLength={40} aria-label={t("surveys.label")} placeholder={t("surveys.label")} />
              </Form.Item>
              <Form.Item name={[row.name, "score"]} noStyle>
                <InputNumber
                  min={-1000}
                  max={1000}
                  aria-label={t("surveys.score")}
                  placeholder={t("surveys.score")}
                  style={{ width: 110 }}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t("surveys.removeKey")}
                disabled={rows.length === 1}
                onClick={() => remove(row.name)}
              />
            </Flex>
          ))}
          <Button
            size="small"
            type="dashed"
            icon={<PlusOutlined />}
            disabled={rows.length >= KEYS.length}
            onClick={() => add({ label: "" })}
          >
            {t("surveys.addKey")}
          </Button>
        </Flex>
      )}
    </Form.List>
  );
}
