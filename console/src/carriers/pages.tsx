import { ClusterOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "carriers",
    title: "carriers.title",
    group: "platform",
    order: 40,
    icon: <ClusterOutlined />,
    needs: "carriers.manage",
    scope: "platform",
    Page: page(() => import("./CarriersPage")),
  },
];
