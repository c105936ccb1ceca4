import { PhoneOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "caller-numbers",
    title: "callernumbers.title",
    group: "centre",
    order: 70,
    icon: <PhoneOutlined />,
    needs: "destinations.write",
    scope: "enterprise",
    Page: page(() => import("./NumbersPage")),
  },
];
