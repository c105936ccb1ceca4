import { PlusOutlined } from "@ant-design/icons";
import { Button, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { may, useMe } from "../app/session";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { CodeListDrawer } from "./CodeListDrawer";
import { useCodeLists, useRemoveCodeList, type CodeList } from "./data";

export default function CodeListsPage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = may(useMe(), "flows.write");
  const lists = useCodeLists();
  const remove = useRemoveCodeList();
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("codeLists.add")}
    </Button>
  );
  return (
    <Page title={t("codeLists.title")} hint={t("codeLists.hint")} actions={add}>
      <ResourceTable<CodeList>
        name="codeLists"
        pages={lists}
        rowKey={(list) => list.id}
        open={(list) => void navigate(`/code-lists/${list.id}`)}
        width={600}
        columns={[
          {
            title: t("codeLists.name"),
            dataIndex: "name",
            render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
          },
          {
            title: t("codeLists.tries"),
            dataIndex: "tries_allowed",
            width: 160,
            render: (count: number) => t("codeLists.triesCount", { count }),
          },
          {
            title: t("codeLists.lockout"),
            dataIndex: "lockout_minutes",
            width: 160,
            render: (count: number) => t("codeLists.lockoutCount", { count }),
          },
          ...(mayWrite
            ? [
                {
                  key: "actions",
                  width: 56,
                  render: (_: unknown, list: CodeList) => (
                    <RemoveButton what={list.name} remove={() => remove.mutateAsync(list.id)} />
                  ),
                },
              ]
            : []),
        ]}
        empty={`${t("codeLists.empty")}。${t("codeLists.emptyHint")}`}
        emptyAction={add}
      />
      {isAdding && (
        <CodeListDrawer
          seen={null}
          saved={(list) => void navigate(`/code-lists/${list.id}`)}
          close={() => setAdding(false)}
        />
      )}
    </Page>
  );
}
