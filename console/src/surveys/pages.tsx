import { LikeOutlined, SmileOutlined } from "@ant-design/icons";

import { page, type PageEntry } from "../app/pages";

export const pages: readonly PageEntry[] = [
  {
    path: "survey-results",
    title: "surveys.results",
    group: "records",
    order: 50,
    icon: <SmileOutlined />,
    needs: "surveys.read",
    scope: "enterprise",
    Page: page(() => import("./ResultsPage")),
  },
  {
    path: "surveys",
    title: "surveys.title",
    group: "centre",
    order: 50,
    icon: <LikeOutlined />,
    needs: "surveys.read",
    scope: "enterprise",
    Page: page(() => import("./SurveysPage")),
  },
];
