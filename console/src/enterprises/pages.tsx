import { BankOutlined, ShopOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "enterprises",
    title: "enterprises.title",
    group: "platform",
    order: 10,
    icon: <ShopOutlined />,
    needs: "enterprises.manage",
    scope: "platform",
    Page: page(() => import("./EnterprisesPage")),
  },
  {
    path: "enterprise",
    title: "enterprises.own.title",
    group: "people",
    order: 50,
    icon: <BankOutlined />,
    needs: "enterprise.read",
    scope: "enterprise",
    Page: page(() => import("./OwnEnterprisePage")),
  },
];
