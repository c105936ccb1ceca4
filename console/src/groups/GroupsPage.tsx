import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Tag, Tooltip, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { phone } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useGroups, useRemoveGroup, type Group } from "./data";
import { GroupDrawer } from "./GroupDrawer";

const SHOWN_MEMBERS = 4;

export default function GroupsPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "groups.write");
  const groups = useGroups();
  const [opened, setOpened] = useState<Group | "new" | null>(null);
  const columns = useColumns(mayWrite);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("groups.add")}
    </Button>
  );
  return (
    <Page title={t("groups.title")} hint={t("groups.hint")} actions={add}>
      <ResourceTable
        name="groups"
        pages={groups}
        columns={columns}
        rowKey={(group) => group.id}
        {...(mayWrite && { open: setOpened })}
        empty={`${t("groups.empty")}${t("app.stop")}${t("groups.emptyHint")}`}
        emptyAction={add}
      />
      {opened && <GroupDrawer seen={opened === "new" ? null : opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(mayWrite: boolean): TableColumnsType<Group> {
  const { t } = useTranslation();
  const remove = useRemoveGroup();
  return [
    {
      title: t("groups.name"),
      dataIndex: "name",
      width: 220,
      render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
    },
    {
      title: t("groups.strategyTitle"),
      width: 120,
      key: "strategy",
      render: (_, { strategy }) => (
        <Tooltip title={t(`groups.strategyHelp.${strategy}`)}>{t(`groups.strategy.${strategy}`)}</Tooltip>
      ),
    },
    { title: t("groups.members"), key: "members", render: (_, group) => <Members group={group} /> },
    ...(mayWrite
      ? [
          {
            key: "actions",
            width: 56,
            render: (_: unknown, group: Group) => (
              <RemoveButton what={group.name} remove={() => remove.mutateAsync(group.id)} />
            ),
          },
        ]
      : []),
  ];
}

function Members({ group }: { group: Group }): ReactNode {
  const { t } = useTranslation();
  if (!group.members.some((member) => member.status === "approved")) {
    return <Typography.Text type="warning">{t("groups.noneCallable")}</Typography.Text>;
  }
  return (
    <Flex wrap gap={4}>
      {group.members.slice(0, SHOWN_MEMBERS).map((member) => (
        <Tag key={member.destination_id} color={member.status === "approved" ? "blue" : "default"}>
          {member.label || phone(member.number)}
        </Tag>
      ))}
      {group.members.length > SHOWN_MEMBERS && t("groups.count", { count: group.members.length })}
    </Flex>
  );
}
