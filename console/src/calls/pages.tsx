import { PhoneOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "calls",
    title: "calls.title",
    group: "records",
    order: 10,
    icon: <PhoneOutlined />,
    needs: "calls.read",
    scope: "both",
    Page: page(() => import("./CallsPage")),
    below: [{ path: ":callId", Page: page(() => import("./CallPage")) }],
  },
];
