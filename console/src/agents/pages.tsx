import { IdcardOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "agents",
    title: "agents.title",
    group: "centre",
    order: 20,
    icon: <IdcardOutlined />,
    needs: "agents.read",
    scope: "enterprise",
    Page: page(() => import("./AgentsPage")),
  },
];
