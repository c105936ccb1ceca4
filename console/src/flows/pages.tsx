import { PartitionOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "flows",
    title: "flows.title",
    group: "hotlines",
    order: 40,
    icon: <PartitionOutlined />,
    needs: "flows.read",
    scope: "enterprise",
    Page: page(() => import("./FlowsPage")),
    below: [
      { path: "of-hotline/:hotlineId", Page: page(() => import("./HotlineFlowPage")) },
      { path: ":flowId", Page: page(() => import("./EditorPage")) },
    ],
  },
];
