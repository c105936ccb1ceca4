import { Col, Form, Radio, Row, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { SurveyPicker } from "../kit/pickers";
import { PromptPicker } from "../kit/PromptPicker";

/** What holds once somebody talks. */
export function Talk(): ReactNode {
  const { t } = useTranslation();
  const isRecorded = Form.useWatch<boolean | undefined>("recording");
  return (
    <Row gutter={24}>
      <Col xs={24} lg={12}>
        <Form.Item
          name="recording"
          label={t("hotlines.recordingLabel")}
          valuePropName="checked"
          extra={t("hotlines.recordingHelp")}
        >
          <Switch />
        </Form.Item>
        <Form.Item
          name="recording_notice_prompt_id"
          label={t("hotlines.notice")}
          extra={t("hotlines.noticeHelp")}
          hidden={!isRecorded}
        >
          <PromptPicker placeholder={t("hotlines.noNotice")} />
        </Form.Item>
        <Form.Item name="survey_id" label={t("hotlines.survey")} extra={t("hotlines.surveyHelp")}>
          <SurveyPicker placeholder={t("hotlines.noSurvey")} />
        </Form.Item>
      </Col>
      <Col xs={24} lg={12}>
        <Form.Item name="caller_id_mode" label={t("hotlines.callerIdMode")} extra={t("hotlines.callerIdHelp")}>
          <Radio.Group
            options={(["caller", "hotline"] as const).map((value) => ({
              value,
              label: t(`hotlines.callerId.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item
          name="whisper"
          label={t("hotlines.whisper")}
          valuePropName="checked"
          extra={t("hotlines.whisperHelp")}
        >
          <Switch />
        </Form.Item>
      </Col>
    </Row>
  );
}
