import { FundProjectionScreenOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "wallboard",
    title: "wallboard.title",
    group: "watch",
    order: 10,
    icon: <FundProjectionScreenOutlined />,
    needs: "calls.read",
    scope: "enterprise",
    Page: page(() => import("./WallboardPage")),
  },
];
