import { StopOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "blacklist",
    title: "screening.title",
    group: "hotlines",
    order: 70,
    icon: <StopOutlined />,
    needs: "screening.read",
    scope: "enterprise",
    Page: page(() => import("./ScreeningPage")),
  },
];
