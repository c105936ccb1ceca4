import { PhoneFilled } from "@ant-design/icons";
import { Button, Card, Flex, Form, Input, Progress, Space, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useServerNow } from "../kit/clock";
import { Tel, useDial } from "../kit/Tel";
import { KEYS, mayBeReady } from "../phone/shortcuts";
import { Remaining } from "../phone/states";
import type { Work } from "../phone/work";
import { CallNote } from "./CallCard";
import { useLatestCalls } from "./data";

/** Between calls: what is waited for, and a way to call somebody. */
export function Idle({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const ready = work.agent.presence.state === "ready";
  return (
    <Card>
      <Flex justify="space-between" align="center" gap={16} wrap>
        <div>
          <Typography.Title level={2} style={{ fontSize: 20, margin: 0 }}>
            {ready ? t("desk.idle.ready") : t("desk.idle.notReady")}
          </Typography.Title>
          <Typography.Text type="secondary">
            {ready ? t("desk.idle.readyHint") : t("desk.idle.notReadyHint")}
          </Typography.Text>
        </div>
        <Space>
          {!ready && (
            <Button
              type="primary"
              size="large"
              disabled={!mayBeReady(work)}
              title={mayBeReady(work) ? KEYS.ready.shown : t("phone.notRegistered")}
              onClick={() => work.be("ready")}
            >
              {t("phone.goReady")}
            </Button>
          )}
        </Space>
      </Flex>
    </Card>
  );
}

/** Calls a number that stands nowhere yet. */
export function Dialler(): ReactNode {
  const { t } = useTranslation();
  const dial = useDial();
  const [form] = Form.useForm<{ number: string }>();
  return (
    <Card size="small">
      <Form
        form={form}
        layout="inline"
        requiredMark={false}
        onFinish={({ number }) => {
          dial?.(number.replaceAll(/[\s-]/g, ""));
          form.resetFields();
        }}
      >
        <Form.Item name="number" label={t("desk.dialTitle")} rules={[{ required: true, pattern: /^[\d\s+-]{2,24}$/, message: "" }]}>
          <Input inputMode="tel" autoComplete="off" placeholder={t("desk.dialHint")} style={{ width: 220 }} />
        </Form.Item>
        <Button htmlType="submit" icon={<PhoneFilled />}>
          {t("desk.dial")}
        </Button>
      </Form>
    </Card>
  );
}

/** After a call: the note on it, and how long there still is. */
export function WrapUp({ work, until }: { work: Work; until: string }): ReactNode {
  const { t } = useTranslation();
  const latest = useLatestCalls().data;
  const call = work.lastCall
    ? { id: work.lastCall.call_id, number: work.lastCall.number }
    : latest?.find((one) => one.result === "answered");
  return (
    <Card role="region" aria-label={t("desk.wrapUp")}>
      <Flex justify="space-between" align="start" gap={16} wrap>
        <div>
          <Typography.Title level={2} style={{ fontSize: 20, margin: 0 }}>
            {t("desk.wrapUp")}
          </Typography.Title>
          {call && <Tel number={call.number} otherwise={t("phone.anonymous")} />}
        </div>
        <Space>
          <span>
            {t("desk.wrapUpLeft")} <Remaining until={until} />
          </span>
          <Button onClick={() => work.moreWrapUp(30)}>{t("desk.moreTime")}</Button>
          <Button type="primary" title={KEYS.ready.shown} onClick={() => work.be("ready")}>
            {t("desk.finish")}
          </Button>
        </Space>
      </Flex>
      <TimeLeft since={work.agent.presence.since} until={until} />
      {call && <CallNote key={call.id} callId={call.id} />}
    </Card>
  );
}

function TimeLeft({ since, until }: { since: string; until: string }): ReactNode {
  const now = useServerNow();
  const whole = Date.parse(until) - Date.parse(since);
  const left = Math.max(0, Date.parse(until) - now);
  return <Progress percent={whole > 0 ? (100 * left) / whole : 0} showInfo={false} size="small" />;
}
