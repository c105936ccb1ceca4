import { CoffeeOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "breaks",
    title: "breaks.title",
    group: "centre",
    order: 30,
    icon: <CoffeeOutlined />,
    needs: "agents.write",
    scope: "enterprise",
    Page: page(() => import("./BreaksPage")),
  },
];
