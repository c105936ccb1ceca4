import { Suspense, type ComponentType, type LazyExoticComponent, type ReactNode } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";

import { PageSkeleton } from "../kit/PageSkeleton";
import { Broken } from "./Broken";
import { Layout } from "./Layout";
import { NotFound } from "./NotFound";
import type { PageEntry } from "./pages";

/** The addresses of `pages`. */
export function routerFor(pages: readonly PageEntry[]): ReturnType<typeof createBrowserRouter> {
  const first = pages[0];
  return createBrowserRouter([
    {
      element: <Layout pages={pages} />,
      errorElement: <Broken />,
      children: [
        { index: true, element: first ? <Navigate to={`/${first.path}`} replace /> : <NotFound /> },
        ...pages.flatMap(routesOf),
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}

function routesOf(entry: PageEntry): RouteObject[] {
  const below = (entry.below ?? []).map(({ path, Page }) => route(`${entry.path}/${path}`, Page));
  return [route(entry.path, entry.Page), ...below];
}

function route(path: string, Page: LazyExoticComponent<ComponentType>): RouteObject {
  return { path, element: shown(Page), errorElement: <Broken /> };
}

function shown(Page: LazyExoticComponent<ComponentType>): ReactNode {
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Page />
    </Suspense>
  );
}
