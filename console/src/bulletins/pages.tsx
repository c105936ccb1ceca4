import { NotificationOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "bulletins",
    title: "bulletins.title",
    group: "centre",
    order: 40,
    icon: <NotificationOutlined />,
    needs: "bulletins.read",
    scope: "enterprise",
    Page: page(() => import("./BulletinsPage")),
  },
];
