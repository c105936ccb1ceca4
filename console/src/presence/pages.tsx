import { TeamOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "agent-states",
    title: "presence.title",
    group: "watch",
    order: 30,
    icon: <TeamOutlined />,
    needs: "agents.read",
    scope: "enterprise",
    Page: page(() => import("./PresencePage")),
  },
];
