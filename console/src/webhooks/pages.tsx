import { ApiOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "webhooks",
    title: "webhooks.title",
    group: "people",
    order: 30,
    icon: <ApiOutlined />,
    needs: "webhooks.manage",
    scope: "enterprise",
    Page: page(() => import("./WebhooksPage")),
    below: [{ path: ":webhookId", Page: page(() => import("./DeliveriesPage")) }],
  },
];
