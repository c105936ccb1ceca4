import { NumberOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "numbers",
    title: "numbers.title",
    group: "platform",
    order: 20,
    icon: <NumberOutlined />,
    needs: "hotlines.assign",
    scope: "platform",
    Page: page(() => import("./NumbersPage")),
  },
];
