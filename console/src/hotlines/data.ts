import { useMutation, useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type Hotline = components["schemas"]["Hotline"];
export type HotlineChange = components["schemas"]["HotlineChange"];
export type Region = components["schemas"]["Region"];
export type DryRun = components["schemas"]["DryRun"];
export type DryRunResult = components["schemas"]["DryRunResult"];

export const STATUS_COLOURS: Readonly<Record<Hotline["status"], string>> = {
  pending: "orange",
  active: "green",
  suspended: "red",
  closed: "default",
};

export function useHotlines(): Pages<Hotline> {
  return usePages(["hotlines"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/hotlines", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useHotline(id: string): UseQueryResult<Hotline> {
  return useQuery({
    queryKey: ["hotlines", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/hotlines/{hotline_id}", { params: { path: { hotline_id: id } }, signal })),
  });
}

export function useSaveHotline(seen: Hotline): UseMutationResult<Hotline, Error, HotlineChange> {
  const { t } = useTranslation();
  return useChange(
    (body) =>
      bodyOf(
        api.PATCH("/api/v1/hotlines/{hotline_id}", {
          params: { path: { hotline_id: seen.id }, header: ifMatch(seen.version) },
          body,
        }),
      ),
    { touches: ["hotlines"], said: t("app.saved"), quiet: true },
  );
}

/** The way of an imagined call to a hotline. */
export function useDryRun(hotlineId: string): UseMutationResult<DryRunResult, Error, Pick<DryRun, "caller" | "at" | "keys">> {
  return useMutation({
    mutationFn: (imagined) =>
      bodyOf(
        api.POST("/api/v1/hotlines/{hotline_id}/dry-run", {
          params: { path: { hotline_id: hotlineId } },
          body: imagined,
        }),
      ),
  });
}
