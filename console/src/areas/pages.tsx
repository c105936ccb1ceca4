import { EnvironmentOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "blocked-areas",
    title: "areas.title",
    group: "hotlines",
    order: 80,
    icon: <EnvironmentOutlined />,
    needs: "screening.read",
    scope: "enterprise",
    Page: page(() => import("./AreasPage")),
  },
];
