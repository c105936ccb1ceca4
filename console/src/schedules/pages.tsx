import { ScheduleOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "schedules",
    title: "schedules.title",
    group: "hotlines",
    order: 50,
    icon: <ScheduleOutlined />,
    needs: "hotlines.read",
    scope: "enterprise",
    Page: page(() => import("./SchedulesPage")),
    below: [{ path: ":scheduleId", Page: page(() => import("./SchedulePage")) }],
  },
];
