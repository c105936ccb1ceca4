import { KeyOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "code-lists",
    title: "codeLists.title",
    group: "hotlines",
    order: 95,
    icon: <KeyOutlined />,
    needs: "flows.read",
    scope: "enterprise",
    Page: page(() => import("./CodeListsPage")),
    below: [{ path: ":codeListId", Page: page(() => import("./CodeListPage")) }],
  },
];
