import { AuditOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "audit",
    title: "audit.title",
    group: "people",
    order: 40,
    icon: <AuditOutlined />,
    needs: "audit.read",
    scope: "enterprise",
    Page: page(() => import("./AuditPage")),
  },
  {
    path: "platform-audit",
    title: "audit.platform.title",
    group: "platform",
    order: 70,
    icon: <AuditOutlined />,
    needs: "audit.read",
    scope: "platform",
    Page: page(() => import("./PlatformAuditPage")),
  },
];
