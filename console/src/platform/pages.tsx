import { DashboardOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "platform-status",
    title: "platform.title",
    group: "platform",
    order: 45,
    icon: <DashboardOutlined />,
    needs: "platform.read",
    scope: "platform",
    Page: page(() => import("./StatusPage")),
  },
];
