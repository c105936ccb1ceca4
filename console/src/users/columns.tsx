import { Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";

import { useMe } from "../app/session";
import { instant } from "../kit/format";
import type { Role, User } from "./data";

const COLOURS: Readonly<Record<Role, string>> = {
  operator: "purple",
  administrator: "geekblue",
  supervisor: "cyan",
  agent: "default",
};

export function useUserColumns(): TableColumnsType<User> {
  const { t } = useTranslation();
  const me = useMe();
  return [
    {
      title: t("users.name"),
      dataIndex: "name",
      render: (name: string, user) => (
        <>
          <Typography.Text strong>{name}</Typography.Text> {user.id === me.id && <Tag>{t("users.you")}</Tag>}
        </>
      ),
    },
    { title: t("users.login"), dataIndex: "login" },
    {
      title: t("users.role"),
      dataIndex: "role",
      width: 130,
      render: (role: Role) => <Tag color={COLOURS[role]}>{t(`role.${role}`)}</Tag>,
    },
    {
      title: t("users.statusTitle"),
      dataIndex: "status",
      width: 110,
      render: (status: User["status"]) => (
        <Tag color={status === "active" ? "green" : "default"}>{t(`users.status.${status}`)}</Tag>
      ),
    },
    { title: t("users.createdAt"), dataIndex: "created_at", width: 180, render: (at: string) => instant(at) },
  ];
}
