import { CustomerServiceOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "hotlines",
    title: "hotlines.title",
    group: "hotlines",
    order: 10,
    icon: <CustomerServiceOutlined />,
    needs: "hotlines.read",
    scope: "enterprise",
    Page: page(() => import("./HotlinesPage")),
    below: [{ path: ":hotlineId", Page: page(() => import("./HotlinePage")) }],
  },
];
