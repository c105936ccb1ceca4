import { SoundOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "recordings",
    title: "recordings.title",
    group: "records",
    order: 20,
    icon: <SoundOutlined />,
    needs: "recordings.listen",
    scope: "enterprise",
    Page: page(() => import("./RecordingsPage")),
  },
];
