import { CustomerServiceOutlined, InboxOutlined, PhoneOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "desk",
    title: "desk.title",
    group: "work",
    order: 10,
    icon: <CustomerServiceOutlined />,
    needs: "agents.work",
    scope: "enterprise",
    when: (me) => me.agent_id !== null,
    Page: page(() => import("./DeskPage")),
  },
  {
    path: "own-calls",
    title: "desk.calls",
    group: "work",
    order: 20,
    icon: <PhoneOutlined />,
    needs: "agents.work",
    scope: "enterprise",
    when: (me) => me.agent_id !== null,
    Page: page(() => import("./OwnCallsPage")),
  },
  {
    path: "own-voicemail",
    title: "voicemail.own",
    group: "work",
    order: 30,
    icon: <InboxOutlined />,
    needs: "voicemail.listen",
    scope: "enterprise",
    // The others have the list of all boxes, of which theirs are a part.
    when: (me) => me.agent_id !== null && me.role === "agent",
    Page: page(() => import("../voicemail/MessagesPage")),
  },
];
