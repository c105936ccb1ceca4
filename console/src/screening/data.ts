import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type Entry = components["schemas"]["ScreeningEntry"];
export type NewEntry = components["schemas"]["NewScreeningEntry"];
type EntryChange = components["schemas"]["ScreeningEntryChange"];
export type ImportResult = components["schemas"]["ImportResult"];

export const MATCHES = ["number", "prefix"] as const satisfies readonly Entry["match"][];
export const ACTIONS = ["reject", "voicemail_notice"] as const satisfies readonly Entry["action"][];

export interface Filters {
  hotline_id?: string;
  number?: string;
}

export function useEntries(filters: Filters): Pages<Entry> {
  return usePages(["screening", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/screening-entries", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

/** Saves a new entry, or a change of one that was seen; its number stays. */
export function useSaveEntry(seen: Entry | null): UseMutationResult<Entry, Error, NewEntry> {
  const { t } = useTranslation();
  return useChange(
    ({ action, until, note, ...fixed }) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/screening-entries/{entry_id}", {
              params: { path: { entry_id: seen.id }, header: ifMatch(seen.version) },
              body: partly<EntryChange>({ action, until: until ?? null, note }),
            })
          : api.POST("/api/v1/screening-entries", { body: { ...fixed, action, until, note } }),
      ),
    { touches: ["screening"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveEntry(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/screening-entries/{entry_id}", { params: { path: { entry_id: id } } })),
    { touches: ["screening"], said: t("app.removed") },
  );
}

/** What holds for every line of an imported list. */
export interface ImportOptions {
  match: Entry["match"];
  action: Entry["action"];
  hotline_id: string | null;
  all_or_nothing: boolean;
}

export function importEntries(text: string, { hotline_id, ...options }: ImportOptions): Promise<ImportResult> {
  return bodyOf(
    api.POST("/api/v1/screening-entries/import", {
      params: { query: { ...options, ...(hotline_id && { hotline_id }) } },
      headers: { "Content-Type": "text/csv" },
      body: text,
      bodySerializer: (body) => body,
    }),
  );
}
