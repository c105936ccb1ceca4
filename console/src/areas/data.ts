import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";
import type { Imported } from "../kit/importing";

export type Area = components["schemas"]["BlockedArea"];
export type NewArea = components["schemas"]["NewBlockedArea"];
type AreaChange = components["schemas"]["BlockedAreaChange"];

export function useAreas(): Pages<Area> {
  return usePages(["blocked-areas"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/blocked-areas", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

/** Saves a new area, or a change of one that was seen; its hotline stays. */
export function useSaveArea(seen: Area | null): UseMutationResult<Area, Error, NewArea> {
  const { t } = useTranslation();
  return useChange(
    ({ hotline_id, ...values }) => {
      const body = { ...values, office_code: values.office_code || null };
      return bodyOf(
        seen
          ? api.PATCH("/api/v1/blocked-areas/{area_id}", {
              params: { path: { area_id: seen.id }, header: ifMatch(seen.version) },
              body: partly<AreaChange>(body),
            })
          : api.POST("/api/v1/blocked-areas", { body: { ...body, hotline_id } }),
      );
    },
    { touches: ["blocked-areas"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveArea(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/blocked-areas/{area_id}", { params: { path: { area_id: id } } })),
    { touches: ["blocked-areas"], said: t("app.removed") },
  );
}

/** Blocks a list of areas, for one hotline or (null) for all. */
export function importAreas(text: string, hotline: string | null): Promise<Imported> {
  return bodyOf(
    api.POST("/api/v1/blocked-areas/import", {
      params: { query: { ...(hotline && { hotline_id: hotline }) } },
      headers: { "Content-Type": "text/csv" },
      body: text,
      bodySerializer: (body) => body,
    }),
  );
}
