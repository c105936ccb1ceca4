import { AuditOutlined, FormOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "reviews",
    title: "quality.title",
    group: "records",
    order: 60,
    icon: <AuditOutlined />,
    needs: "quality.read",
    scope: "enterprise",
    Page: page(() => import("./ReviewsPage")),
  },
  {
    path: "score-sheets",
    title: "quality.sheets",
    group: "centre",
    order: 60,
    icon: <FormOutlined />,
    needs: "quality.write",
    scope: "enterprise",
    Page: page(() => import("./SheetsPage")),
  },
];
