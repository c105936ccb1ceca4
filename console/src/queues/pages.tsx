import { UsergroupAddOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "queues",
    title: "queues.title",
    group: "centre",
    order: 10,
    icon: <UsergroupAddOutlined />,
    needs: "queues.read",
    scope: "enterprise",
    Page: page(() => import("./QueuesPage")),
    below: [{ path: ":queueId", Page: page(() => import("./QueuePage")) }],
  },
];
