import { SoundOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "prompts",
    title: "prompts.title",
    group: "hotlines",
    order: 60,
    icon: <SoundOutlined />,
    needs: "prompts.read",
    scope: "enterprise",
    Page: page(() => import("./PromptsPage")),
  },
];
