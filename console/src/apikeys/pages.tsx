import { KeyOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "api-keys",
    title: "apikeys.title",
    group: "people",
    order: 20,
    icon: <KeyOutlined />,
    needs: "api_keys.manage",
    scope: "enterprise",
    Page: page(() => import("./ApiKeysPage")),
  },
  {
    path: "operator-api-keys",
    title: "apikeys.operator.title",
    group: "platform",
    order: 55,
    icon: <KeyOutlined />,
    needs: "operators.manage",
    scope: "platform",
    Page: page(() => import("./OperatorKeysPage")),
  },
];
