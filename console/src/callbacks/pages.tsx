import { RollbackOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "callbacks",
    title: "callbacks.title",
    group: "records",
    order: 40,
    icon: <RollbackOutlined />,
    needs: "queues.read",
    scope: "enterprise",
    Page: page(() => import("./CallbacksPage")),
  },
];
