import { Button, Divider, Drawer, Empty, Flex, Form, Input, Tabs, Tag, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { StateTag } from "../presence/StateTag";
import { useColleagues, useQueueLoads, type CallCommand, type Colleague } from "./data";
import { Elapsed } from "./states";
import type { Work } from "./work";

type Send = (command: CallCommand) => void;

/** To whom the caller can go: colleagues as they are now, queues, numbers outside. */
export function TransferDrawer({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const close = (): void => work.setPanel(null);
  const send: Send = (command) => {
    void work.command(command).then((obeyed) => obeyed && close());
  };
  return (
    <Drawer open={work.panel === "transfer"} size={440} title={t("phone.to.title")} onClose={close} mask={false} destroyOnHidden>
      <Typography.Paragraph type="secondary">{t("phone.to.consultHint")}</Typography.Paragraph>
      <Tabs
        items={[
          { key: "colleagues", label: t("phone.to.colleagues"), children: <Colleagues work={work} send={send} /> },
          { key: "queues", label: t("phone.to.queues"), children: <Queues send={send} /> },
          { key: "number", label: t("phone.to.number"), children: <Number send={send} /> },
        ]}
      />
      <Divider />
      <Flex gap={8} wrap>
        <Button onClick={() => send({ verb: "transfer_to_survey" })}>{t("phone.to.survey")}</Button>
        {work.call?.queue_id && (
          <Button onClick={() => send({ verb: "return_to_queue" })}>{t("phone.to.back")}</Button>
        )}
      </Flex>
    </Drawer>
  );
}

function Colleagues({ work, send }: { work: Work; send: Send }): ReactNode {
  const { t } = useTranslation();
  const everybody = useColleagues().data ?? [];
  const [wanted, setWanted] = useState("");
  const shown = everybody
    .filter((one) => one.agent_id !== work.agent.agent.id)
    .filter((one) => one.name.includes(wanted) || one.extension.startsWith(wanted))
    .sort((one, other) => rank(one) - rank(other));
  return (
    <Flex vertical gap={8}>
      <Input.Search
        autoFocus
        allowClear
        aria-label={t("phone.to.search")}
        placeholder={t("phone.to.search")}
        onChange={(event) => setWanted(event.target.value.trim())}
      />
      {shown.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("phone.to.nobody")} />}
      {shown.map((one) => (
        <ColleagueRow key={one.agent_id} colleague={one} send={send} />
      ))}
    </Flex>
  );
}

/** Those who can take the call stand first. */
function rank(colleague: Colleague): number {
  return colleague.state === "ready" ? 0 : colleague.state === "offline" ? 2 : 1;
}

function ColleagueRow({ colleague, send }: { colleague: Colleague; send: Send }): ReactNode {
  const { t } = useTranslation();
  const { extension, name, state, reason, since } = colleague;
  const busy = state !== "ready";
  const button = (verb: "consult" | "transfer", words: string): ReactNode => (
    <Button size="small" disabled={busy} aria-label={`${words} ${name}`} onClick={() => send({ verb, extension })}>
      {words}
    </Button>
  );
  return (
    <Flex justify="space-between" align="center" gap={8}>
      <Flex vertical>
        <span>
          {name} <Typography.Text type="secondary">{extension}</Typography.Text>
        </span>
        <Typography.Text type="secondary">
          <StateTag state={state} reason={reason} /> <Elapsed since={since} />
        </Typography.Text>
      </Flex>
      <Flex gap={6}>
        {button("consult", t("phone.to.consult"))}
        {button("transfer", t("phone.to.blind"))}
      </Flex>
    </Flex>
  );
}

function Queues({ send }: { send: Send }): ReactNode {
  const { t } = useTranslation();
  const queues = useQueueLoads().data ?? [];
  if (queues.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("phone.to.noQueues")} />;
  }
  return (
    <Flex vertical gap={8}>
      {queues.map((queue) => (
        <Flex key={queue.queue_id} justify="space-between" align="center" gap={8}>
          <span>
            {queue.name} <Tag>{t("phone.to.waiting", { count: queue.waiting })}</Tag>
            <Tag color={queue.ready > 0 ? "green" : "default"}>{t("phone.to.ready", { count: queue.ready })}</Tag>
          </span>
          <Button
            size="small"
            aria-label={`${t("phone.to.blind")} ${queue.name}`}
            onClick={() => send({ verb: "transfer", queue_id: queue.queue_id })}
          >
            {t("phone.to.blind")}
          </Button>
        </Flex>
      ))}
    </Flex>
  );
}

function Number({ send }: { send: Send }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ number: string }>();
  const go = (verb: "consult" | "transfer") => () =>
    void form.validateFields().then(({ number }) => send({ verb, number: number.replaceAll(/[\s-]/g, "") }));
  return (
    <Form form={form} layout="vertical">
      <Form.Item
        name="number"
        label={t("phone.to.number")}
        extra={t("phone.to.numberHint")}
        rules={[{ required: true, message: t("app.required") }]}
      >
        <Input inputMode="tel" autoComplete="off" />
      </Form.Item>
      <Flex gap={8}>
        <Button onClick={go("consult")}>{t("phone.to.consult")}</Button>
        <Button onClick={go("transfer")}>{t("phone.to.blind")}</Button>
      </Flex>
    </Form>
  );
}
