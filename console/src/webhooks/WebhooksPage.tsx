import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Tag, Tooltip, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { ShownOnce } from "../kit/ShownOnce";
import { usePing, useRemoveWebhook, useWebhooks, type Webhook } from "./data";
import { WebhookDrawer } from "./WebhookDrawer";

/** The addresses that are told of events. */
export default function WebhooksPage(): ReactNode {
  const { t } = useTranslation();
  const webhooks = useWebhooks();
  const columns = useColumns();
  const [opened, setOpened] = useState<Webhook | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("webhooks.add")}
    </Button>
  );
  return (
    <Page title={t("webhooks.title")} hint={t("webhooks.hint")} actions={add}>
      <ResourceTable<Webhook>
        name="webhooks"
        pages={webhooks}
        columns={columns}
        rowKey={(webhook) => webhook.id}
        open={setOpened}
        empty={t("webhooks.empty")}
        emptyAction={add}
      />
      {opened && (
        <WebhookDrawer seen={opened === "new" ? null : opened} secretMade={setSecret} close={() => setOpened(null)} />
      )}
      {secret !== null && (
        <ShownOnce
          title={t("webhooks.secret")}
          secret={secret}
          hint={t("webhooks.secretHint")}
          close={() => setSecret(null)}
        />
      )}
    </Page>
  );
}

function useColumns(): TableColumnsType<Webhook> {
  const { t } = useTranslation();
  const remove = useRemoveWebhook();
  const ping = usePing();
  return [
    {
      title: t("webhooks.url"),
      dataIndex: "url",
      ellipsis: true,
      render: (url: string) => <Typography.Text strong>{url}</Typography.Text>,
    },
    { title: t("webhooks.description"), dataIndex: "description", width: 180, ellipsis: true },
    {
      title: t("webhooks.events"),
      dataIndex: "events",
      width: 240,
      render: (events: string[]) => (
        <Flex wrap gap={4}>
          {events.map((one) => (
            <Tag key={one} title={one}>
              {t(`webhooks.event.${one}`, { defaultValue: one })}
            </Tag>
          ))}
        </Flex>
      ),
    },
    {
      title: t("webhooks.statusTitle"),
      key: "status",
      width: 110,
      render: (_, webhook) => <StatusTag webhook={webhook} />,
    },
    {
      key: "actions",
      width: 230,
      render: (_, { id, url }) => (
        <Flex gap={4} justify="flex-end" align="center">
          <LinkButton size="small" to={`/webhooks/${id}`}>
            {t("webhooks.log")}
          </LinkButton>
          <Button size="small" type="text" onClick={() => ping.mutate(id)}>
            {t("webhooks.ping")}
          </Button>
          <RemoveButton what={url} remove={() => remove.mutateAsync(id)} />
        </Flex>
      ),
    },
  ];
}

function StatusTag({ webhook: { enabled, failing_since } }: { webhook: Webhook }): ReactNode {
  const { t } = useTranslation();
  if (!enabled) {
    return <Tag>{t("webhooks.off")}</Tag>;
  }
  if (failing_since === null) {
    return <Tag color="green">{t("webhooks.fine")}</Tag>;
  }
  return (
    <Tooltip title={t("webhooks.failingSince", { at: instant(failing_since) })}>
      <Tag color="red" tabIndex={0}>
        {t("webhooks.failing")}
      </Tag>
    </Tooltip>
  );
}
