import { lazy, Suspense, type ReactNode } from "react";
import { createBrowserRouter, Navigate } from "react-router";

import { PageSkeleton } from "../kit/PageSkeleton";
import { Broken } from "./Broken";
import { Layout } from "./Layout";
import { NotFound } from "./NotFound";
import { pagesFor, type PageName } from "./pages";
import type { Me } from "./session";

/** Each page is a file of its own, fetched when it is first opened. */
const PAGES: Record<PageName, ReturnType<typeof lazy<() => ReactNode>>> = {
  calls: lazy(() => import("../calls/CallsPage")),
};

/** The addresses that `me` may open. */
export function routerFor(me: Me): ReturnType<typeof createBrowserRouter> {
  const pages = pagesFor(me);
  const first = pages[0];
  return createBrowserRouter([
    {
      element: <Layout pages={pages} />,
      errorElement: <Broken />,
      children: [
        { index: true, element: first ? <Navigate to={`/${first}`} replace /> : <NotFound /> },
        ...pages.map((name) => ({ path: name, element: page(name), errorElement: <Broken /> })),
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}

function page(name: PageName): ReactNode {
  const Page = PAGES[name];
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Page />
    </Suspense>
  );
}
