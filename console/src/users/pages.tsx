import { SafetyOutlined, TeamOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "users",
    title: "users.title",
    group: "people",
    order: 10,
    icon: <TeamOutlined />,
    needs: "users.read",
    scope: "enterprise",
    Page: page(() => import("./UsersPage")),
  },
  {
    path: "operators",
    title: "users.operators.title",
    group: "platform",
    order: 50,
    icon: <SafetyOutlined />,
    needs: "operators.manage",
    scope: "platform",
    Page: page(() => import("./OperatorsPage")),
  },
];
