import { MobileOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "destinations",
    title: "destinations.title",
    group: "hotlines",
    order: 20,
    icon: <MobileOutlined />,
    needs: "destinations.read",
    scope: "enterprise",
    Page: page(() => import("./DestinationsPage")),
  },
];
