import { Alert, Col, Divider, Flex, Form, Radio, Row, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FlowPicker, GroupPicker, SchedulePicker } from "../kit/pickers";
import { PromptPicker } from "../kit/PromptPicker";
import { MenuField } from "./MenuField";
import type { Settings } from "./settings";

/** What a call meets: greeting, hours and group; or a flow instead. */
export function Reception(): ReactNode {
  const { t } = useTranslation();
  const way = Form.useWatch<Settings["way"] | undefined>("way");
  return (
    <>
      <Form.Item name="way" label={t("hotlines.way")}>
        <Radio.Group>
          <Flex vertical gap={8}>
            {(["plain", "flow"] as const).map((one) => (
              <Radio key={one} value={one}>
                {t(`hotlines.${one}`)}
                <Typography.Text type="secondary" style={{ marginInlineStart: 8 }}>
                  {t(`hotlines.${one}Help`)}
                </Typography.Text>
              </Radio>
            ))}
          </Flex>
        </Radio.Group>
      </Form.Item>
      {way === "flow" ? <ByFlow /> : <Plain />}
    </>
  );
}

function ByFlow(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Row gutter={24}>
        <Col xs={24} lg={12}>
          <Form.Item
            name="flow_id"
            label={t("hotlines.flowPick")}
            rules={[{ required: true, message: t("hotlines.flowChoose") }]}
          >
            <FlowPicker placeholder={t("hotlines.flowChoose")} />
          </Form.Item>
        </Col>
      </Row>
      <Alert type="info" showIcon title={t("hotlines.flowReplaces")} />
    </>
  );
}

function Plain(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Divider titlePlacement="start" plain>
        {t("hotlines.sectionGreeting")}
      </Divider>
      <Row gutter={24}>
        <Half>
          <Form.Item name="greeting_prompt_id" label={t("hotlines.greeting")} extra={t("hotlines.greetingHelp")}>
            <PromptPicker placeholder={t("hotlines.noGreeting")} />
          </Form.Item>
        </Half>
        <Half>
          <Form.Item name="group_id" label={t("hotlines.group")} extra={t("hotlines.groupHelp")}>
            <GroupPicker placeholder={t("app.none")} />
          </Form.Item>
        </Half>
        <Half>
          <Form.Item name="failed_prompt_id" label={t("hotlines.failedPrompt")} extra={t("hotlines.failedPromptHelp")}>
            <PromptPicker placeholder={t("hotlines.systemPrompt")} />
          </Form.Item>
        </Half>
      </Row>
      <Divider titlePlacement="start" plain>
        {t("hotlines.menu.section")}
      </Divider>
      <MenuField />
      <Divider titlePlacement="start" plain>
        {t("hotlines.sectionHours")}
      </Divider>
      <Row gutter={24}>
        <Half>
          <Form.Item name="schedule_id" label={t("hotlines.schedule")} extra={t("hotlines.scheduleHelp")}>
            <SchedulePicker placeholder={t("hotlines.always")} />
          </Form.Item>
        </Half>
        <Half>
          <Form.Item name="closed_prompt_id" label={t("hotlines.closedPrompt")} extra={t("hotlines.closedPromptHelp")}>
            <PromptPicker placeholder={t("hotlines.systemPrompt")} />
          </Form.Item>
        </Half>
      </Row>
    </>
  );
}

function Half({ children }: { children: ReactNode }): ReactNode {
  return (
    <Col xs={24} lg={12}>
      {children}
    </Col>
  );
}
