import { HomeOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "today",
    title: "today.title",
    group: "work",
    order: 0,
    icon: <HomeOutlined />,
    // Everybody has it; what is shown depends on the role.
    needs: "agents.work",
    scope: "both",
    Page: page(() => import("./TodayPage")),
  },
];
