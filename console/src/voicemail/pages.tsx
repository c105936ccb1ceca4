import { InboxOutlined, MessageOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "voicemail",
    title: "voicemail.title",
    group: "records",
    order: 30,
    icon: <MessageOutlined />,
    needs: "voicemail.listen",
    scope: "enterprise",
    // Agents have their own messages beside their work.
    when: (me) => me.role !== "agent",
    Page: page(() => import("./MessagesPage")),
  },
  {
    path: "voicemail-boxes",
    title: "voicemail.boxes",
    group: "centre",
    order: 40,
    icon: <InboxOutlined />,
    needs: "voicemail_boxes.read",
    scope: "enterprise",
    Page: page(() => import("./BoxesPage")),
  },
];
