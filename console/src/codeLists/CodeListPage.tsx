import { ArrowLeftOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { may, useMe } from "../app/session";
import { instant } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { Until } from "../kit/Until";
import { CodeDrawer } from "./CodeDrawer";
import { CodeListDrawer } from "./CodeListDrawer";
import { Lockouts } from "./Lockouts";
import { useCodeList, useCodes, useRemoveCode, type Code, type CodeList } from "./data";

export default function CodeListPage(): ReactNode {
  const { codeListId = "" } = useParams();
  const list = useCodeList(codeListId);
  if (list.isError) {
    return <LoadFailed error={list.error} retry={() => void list.refetch()} />;
  }
  return list.data ? <Codes list={list.data} /> : <PageSkeleton />;
}

function Codes({ list }: { list: CodeList }): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "flows.write");
  const codes = useCodes(list.id);
  const columns = useColumns(list.id, mayWrite);
  const [opened, setOpened] = useState<"new" | "list" | null>(null);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("codeLists.codes.add")}
    </Button>
  );
  return (
    <Page
      title={
        <Flex align="center" gap={12}>
          <Link to="/code-lists" aria-label={t("codeLists.back")} title={t("codeLists.back")}>
            <ArrowLeftOutlined />
          </Link>
          {list.name}
          {mayWrite && (
            <Button
              type="text"
              icon={<EditOutlined />}
              aria-label={t("codeLists.edit")}
              title={t("codeLists.edit")}
              onClick={() => setOpened("list")}
            />
          )}
        </Flex>
      }
      hint={t("codeLists.codes.secret")}
      actions={add}
    >
      <Lockouts listId={list.id} mayWrite={mayWrite} />
      <ResourceTable
        name="codes"
        pages={codes}
        columns={columns}
        rowKey={(code) => code.id}
        width={600}
        empty={`${t("codeLists.codes.empty")}。${t("codeLists.codes.emptyHint")}`}
        emptyAction={add}
      />
      {opened === "list" && <CodeListDrawer seen={list} close={() => setOpened(null)} />}
      {opened === "new" && <CodeDrawer listId={list.id} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(listId: string, mayWrite: boolean): TableColumnsType<Code> {
  const { t } = useTranslation();
  const remove = useRemoveCode(listId);
  return [
    {
      title: t("codeLists.codes.label"),
      dataIndex: "label",
      render: (label: string) =>
        label || <Typography.Text type="secondary">{t("codeLists.codes.noLabel")}</Typography.Text>,
    },
    {
      title: t("codeLists.codes.until"),
      dataIndex: "until",
      width: 160,
      render: (until: string | null) => <Until until={until} />,
    },
    {
      title: t("codeLists.codes.addedAt"),
      dataIndex: "created_at",
      width: 200,
      render: (at: string) => instant(at),
    },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, code: Code) => (
              <RemoveButton
                what={code.label || t("codeLists.codes.noLabel")}
                remove={() => remove.mutateAsync(code.id)}
              />
            ),
          },
        ]
      : []),
  ];
}
