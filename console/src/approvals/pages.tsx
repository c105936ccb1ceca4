import { FileProtectOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "approvals",
    title: "approvals.title",
    group: "platform",
    order: 30,
    icon: <FileProtectOutlined />,
    needs: "destinations.approve",
    scope: "platform",
    Page: page(() => import("./ApprovalsPage")),
  },
];
