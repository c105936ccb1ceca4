import { PlusOutlined } from "@ant-design/icons";
import { Button, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { may, useMe } from "../app/session";
import { instant } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useCallerLists, useRemoveCallerList, type CallerList } from "./data";
import { ListDrawer } from "./ListDrawer";

export default function CallerListsPage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = may(useMe(), "flows.write");
  const lists = useCallerLists();
  const remove = useRemoveCallerList();
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("callerLists.add")}
    </Button>
  );
  return (
    <Page title={t("callerLists.title")} hint={t("callerLists.hint")} actions={add}>
      <ResourceTable<CallerList>
        name="callerLists"
        pages={lists}
        rowKey={(list) => list.id}
        open={(list) => void navigate(`/caller-lists/${list.id}`)}
        width={600}
        columns={[
          {
            title: t("callerLists.name"),
            dataIndex: "name",
            render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
          },
          {
            title: t("callerLists.createdAt"),
            dataIndex: "created_at",
            width: 200,
            render: (at: string) => instant(at),
          },
          ...(mayWrite
            ? [
                {
                  key: "actions",
                  width: 56,
                  render: (_: unknown, list: CallerList) => (
                    <RemoveButton what={list.name} remove={() => remove.mutateAsync(list.id)} />
                  ),
                },
              ]
            : []),
        ]}
        empty={`${t("callerLists.empty")}。${t("callerLists.emptyHint")}`}
        emptyAction={add}
      />
      {isAdding && (
        <ListDrawer
          seen={null}
          saved={(list) => void navigate(`/caller-lists/${list.id}`)}
          close={() => setAdding(false)}
        />
      )}
    </Page>
  );
}
