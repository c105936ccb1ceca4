import { ArrowLeftOutlined, EditOutlined, ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { may, useMe } from "../app/session";
import { useAllQueues } from "../kit/choices";
import { phone } from "../kit/format";
import { ImportDialog } from "../kit/ImportDialog";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { Until } from "../kit/Until";
import { CallerDrawer } from "./CallerDrawer";
import { importCallers, useCallerList, useCallers, useRemoveCaller, type Caller, type CallerList } from "./data";
import { ListDrawer } from "./ListDrawer";

const EXAMPLE = "13812345678,,王总\n02061234567,2026-12-31";

export default function CallerListPage(): ReactNode {
  const { listId = "" } = useParams();
  const list = useCallerList(listId);
  if (list.isError) {
    return <LoadFailed error={list.error} retry={() => void list.refetch()} />;
  }
  return list.data ? <Callers list={list.data} /> : <PageSkeleton />;
}

function Callers({ list }: { list: CallerList }): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "flows.write");
  const callers = useCallers(list.id);
  const columns = useColumns(list.id, mayWrite);
  const [opened, setOpened] = useState<Caller | "new" | "import" | "list" | null>(null);
  const close = (): void => setOpened(null);
  return (
    <Page
      title={
        <Flex align="center" gap={12}>
          <Link to="/caller-lists" aria-label={t("callerLists.back")} title={t("callerLists.back")}>
            <ArrowLeftOutlined />
          </Link>
          {list.name}
          {mayWrite && (
            <Button
              type="text"
              icon={<EditOutlined />}
              aria-label={t("callerLists.edit")}
              title={t("callerLists.edit")}
              onClick={() => setOpened("list")}
            />
          )}
        </Flex>
      }
      actions={
        mayWrite && (
          <>
            <Button icon={<ImportOutlined />} onClick={() => setOpened("import")}>
              {t("callerLists.callers.import")}
            </Button>
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
              {t("callerLists.callers.add")}
            </Button>
          </>
        )
      }
    >
      <ResourceTable
        name="callers"
        pages={callers}
        columns={columns}
        rowKey={(caller) => caller.id}
        {...(mayWrite && { open: setOpened })}
        empty={`${t("callerLists.callers.empty")}。${t("callerLists.callers.emptyHint")}`}
      />
      {opened === "list" && <ListDrawer seen={list} close={close} />}
      {opened === "import" && (
        <ImportDialog
          title={t("callerLists.callers.import")}
          hint={t("callerLists.callers.importHint")}
          example={EXAMPLE}
          touches={["callers"]}
          send={(text) => importCallers(list.id, text)}
          close={close}
        />
      )}
      {opened === "new" && <CallerDrawer listId={list.id} seen={null} close={close} />}
      {opened !== null && typeof opened === "object" && (
        <CallerDrawer listId={list.id} seen={opened} close={close} />
      )}
    </Page>
  );
}

function useColumns(listId: string, mayWrite: boolean): TableColumnsType<Caller> {
  const { t } = useTranslation();
  const remove = useRemoveCaller(listId);
  const queues = useAllQueues().data ?? [];
  return [
    {
      title: t("callerLists.callers.number"),
      dataIndex: "number",
      width: 180,
      render: (number: string) => <Typography.Text strong>{phone(number)}</Typography.Text>,
    },
    { title: t("callerLists.callers.note"), dataIndex: "note", ellipsis: true },
    {
      title: t("callerLists.callers.direct"),
      key: "direct",
      width: 200,
      render: (_, { extension, queue_id }) => {
        if (extension !== null) {
          return `${t("callerLists.callers.extension")} ${extension}`;
        }
        return queue_id === null
          ? t("callerLists.callers.nowhere")
          : (queues.find((one) => one.id === queue_id)?.name ?? "…");
      },
    },
    {
      title: t("callerLists.callers.until"),
      dataIndex: "until",
      width: 160,
      render: (until: string | null) => <Until until={until} />,
    },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, caller: Caller) => (
              <RemoveButton what={phone(caller.number)} remove={() => remove.mutateAsync(caller.id)} />
            ),
          },
        ]
      : []),
  ];
}
