import { Button, Descriptions, Drawer, Flex, Segmented, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useAddressFilters } from "../kit/filters";
import { instant } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { STATES, useDeliveries, usePing, useResend, useWebhook, type Delivery, type State } from "./data";

const COLOURS: Readonly<Record<State, string>> = { pending: "orange", delivered: "green", failed: "red" };

/** What one webhook was told, and what came of it. */
export default function DeliveriesPage(): ReactNode {
  const { t } = useTranslation();
  const { webhookId = "" } = useParams();
  const { data, error } = useWebhook(webhookId);
  const { filters, set } = useAddressFilters(["state"] as const);
  const state = STATES.find((one) => one === filters.state) ?? null;
  const deliveries = useDeliveries(webhookId, state);
  const ping = usePing();
  const [opened, setOpened] = useState<Delivery | null>(null);
  const columns = useColumns(webhookId);
  if (error) {
    return <LoadFailed error={error} />;
  }
  const actions = (
    <>
      <LinkButton to="/webhooks">{t("webhooks.back")}</LinkButton>
      <Button type="primary" loading={ping.isPending} onClick={() => ping.mutate(webhookId)}>
        {t("webhooks.ping")}
      </Button>
    </>
  );
  return (
    <Page title={t("webhooks.logOf", { url: data?.url ?? "…" })} actions={actions}>
      <ResourceTable<Delivery>
        name="deliveries"
        pages={deliveries}
        columns={columns}
        rowKey={(delivery) => delivery.id}
        open={setOpened}
        filters={
          <Segmented<string>
            value={state ?? ""}
            options={[
              { value: "", label: t("app.all") },
              ...STATES.map((value) => ({ value, label: t(`webhooks.state.${value}`) })),
            ]}
            onChange={(chosen) => set({ state: chosen })}
          />
        }
        empty={state ? t("webhooks.emptyFiltered") : t("webhooks.emptyLog")}
      />
      {opened && <DeliveryDrawer delivery={opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(webhookId: string): TableColumnsType<Delivery> {
  const { t } = useTranslation();
  const resend = useResend(webhookId);
  return [
    { title: t("webhooks.happened"), dataIndex: "happened_at", width: 180, render: (at: string) => instant(at) },
    {
      title: t("webhooks.type"),
      dataIndex: "type",
      width: 180,
      render: (type: string) => t(`webhooks.event.${type}`, { defaultValue: type }),
    },
    {
      title: t("webhooks.statusTitle"),
      dataIndex: "state",
      width: 110,
      render: (state: State) => <Tag color={COLOURS[state]}>{t(`webhooks.state.${state}`)}</Tag>,
    },
    { title: t("webhooks.attempts"), dataIndex: "attempts", width: 100 },
    {
      title: t("webhooks.answer"),
      key: "answer",
      ellipsis: true,
      render: (_, { status, error, due_at, attempts }) =>
        [
          status === null ? error : `HTTP ${status}`,
          attempts > 0 && due_at ? t("webhooks.next", { at: instant(due_at) }) : "",
        ]
          .filter(Boolean)
          .join(" · "),
    },
    {
      key: "actions",
      width: 120,
      render: (_, { id, state, attempts }) =>
        (state !== "pending" || attempts > 0) && (
          <Button size="small" type="text" onClick={() => resend.mutate(id)}>
            {t("webhooks.resend")}
          </Button>
        ),
    },
  ];
}

function DeliveryDrawer({ delivery, close }: { delivery: Delivery; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const { type, happened_at, state, attempts, status, error, answer, body } = delivery;
  const items = [
    { key: "state", label: t("webhooks.statusTitle"), children: t(`webhooks.state.${state}`) },
    { key: "at", label: t("webhooks.happened"), children: instant(happened_at) },
    { key: "attempts", label: t("webhooks.attempts"), children: attempts },
    { key: "answer", label: t("webhooks.answer"), children: [status && `HTTP ${status}`, answer].filter(Boolean).join(" · ") },
    ...(error ? [{ key: "error", label: t("webhooks.error"), children: error }] : []),
  ];
  return (
    <Drawer open size={640} title={t(`webhooks.event.${type}`, { defaultValue: type })} onClose={close}>
      <Flex vertical gap={16}>
        <Descriptions column={1} size="small" items={items} />
        <Typography.Text strong>{t("webhooks.body")}</Typography.Text>
        {body === null ? (
          <Typography.Text type="secondary">{t("webhooks.notSent")}</Typography.Text>
        ) : (
          <Typography.Paragraph copyable={{ text: body }}>
            <pre style={{ whiteSpace: "pre-wrap", wordBreak: "break-word", margin: 0 }}>{indented(body)}</pre>
          </Typography.Paragraph>
        )}
      </Flex>
    </Drawer>
  );
}

/** JSON in lines; anything else as it is. */
function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body) as unknown, null, 2);
  } catch {
    return body;
  }
}
