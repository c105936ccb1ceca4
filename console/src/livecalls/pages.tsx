import { CustomerServiceOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "live",
    title: "livecalls.title",
    group: "watch",
    order: 20,
    icon: <CustomerServiceOutlined />,
    needs: "calls.read",
    scope: "enterprise",
    Page: page(() => import("./LiveCallsPage")),
  },
];
