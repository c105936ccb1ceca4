import { PlusOutlined } from "@ant-design/icons";
import { Badge, Button, Tag, Tooltip, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { may, useMe } from "../app/session";
import { rowsOf } from "../kit/data";
import { duration } from "../kit/format";
import { ListenButton } from "../kit/ListenButton";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { usePrompts, useRemovePrompt, useVoices, useWaitingForSpeech, type Prompt } from "./data";
import { PromptDrawer } from "./PromptDrawer";

export default function PromptsPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "prompts.write");
  const prompts = usePrompts();
  useWaitingForSpeech(rowsOf(prompts).some((prompt) => prompt.status === "pending"));
  const [opened, setOpened] = useState<Prompt | "new" | null>(null);
  const columns = useColumns(mayWrite);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("prompts.add")}
    </Button>
  );
  return (
    <Page title={t("prompts.title")} hint={t("prompts.hint")} actions={add}>
      <ResourceTable
        name="prompts"
        pages={prompts}
        columns={columns}
        rowKey={(prompt) => prompt.id}
        {...(mayWrite && { open: setOpened })}
        empty={`${t("prompts.empty")}${t("app.stop")}${t("prompts.emptyHint")}`}
        emptyAction={add}
      />
      {opened && <PromptDrawer seen={opened === "new" ? null : opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(mayWrite: boolean): TableColumnsType<Prompt> {
  const { t } = useTranslation();
  const remove = useRemovePrompt();
  const voices = useVoices().data ?? [];
  return [
    {
      key: "listen",
      width: 56,
      render: (_, prompt) => (
        <ListenButton
          what={prompt.name}
          disabled={!prompt.playable}
          // A change has another sound at the same address.
          source={() => addressOf(`/api/v1/prompts/${prompt.id}/audio`, { version: prompt.updated_at })}
        />
      ),
    },
    {
      title: t("prompts.name"),
      dataIndex: "name",
      width: 200,
      render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
    },
    {
      title: t("prompts.content"),
      key: "content",
      ellipsis: true,
      render: (_, prompt) =>
        prompt.text ?? <Typography.Text type="secondary">{t("prompts.uploaded")}</Typography.Text>,
    },
    {
      title: t("prompts.voice"),
      key: "voice",
      width: 150,
      render: (_, { kind, voice }) => {
        if (kind === "upload") {
          return "–";
        }
        return voices.find((one) => one.id === voice)?.name ?? voice ?? t("prompts.voiceDefault");
      },
    },
    { title: t("prompts.statusTitle"), key: "status", width: 150, render: (_, prompt) => <Status prompt={prompt} /> },
    {
      title: t("prompts.length"),
      dataIndex: "duration_ms",
      width: 80,
      align: "right",
      render: (ms: number | null) => (ms === null ? "" : duration(ms)),
    },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, prompt: Prompt) => (
              <RemoveButton what={prompt.name} remove={() => remove.mutateAsync(prompt.id)} />
            ),
          },
        ]
      : []),
  ];
}

const BADGES = { pending: "processing", ready: "success", failed: "error" } as const;

function Status({ prompt }: { prompt: Prompt }): ReactNode {
  const { t } = useTranslation();
  const { status, error, playable, stand_in } = prompt;
  const why = status === "failed" ? error : status === "pending" && playable ? t("prompts.pendingOld") : null;
  return (
    <>
      <Tooltip title={why}>
        <Badge status={BADGES[status]} text={t(`prompts.status.${status}`)} />
      </Tooltip>{" "}
      {stand_in && (
        <Tooltip title={t("prompts.standInHelp")}>
          <Tag color="gold">{t("prompts.standIn")}</Tag>
        </Tooltip>
      )}
    </>
  );
}
