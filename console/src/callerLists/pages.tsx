import { ContactsOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "caller-lists",
    title: "callerLists.title",
    group: "hotlines",
    order: 90,
    icon: <ContactsOutlined />,
    needs: "flows.read",
    scope: "enterprise",
    Page: page(() => import("./CallerListsPage")),
    below: [{ path: ":listId", Page: page(() => import("./CallerListPage")) }],
  },
];
