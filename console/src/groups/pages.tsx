import { ForkOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "groups",
    title: "groups.title",
    group: "hotlines",
    order: 30,
    icon: <ForkOutlined />,
    needs: "groups.read",
    scope: "enterprise",
    Page: page(() => import("./GroupsPage")),
  },
];
