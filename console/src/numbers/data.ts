import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";
import type { Imported } from "../kit/importing";

type Schemas = components["schemas"];
export type AssignedNumber = Schemas["AssignedHotline"];
export type StockNumber = Schemas["StockNumber"];
export const STATUSES = ["pending", "active", "suspended", "closed"] as const satisfies readonly AssignedNumber["status"][];

const TOUCHES = ["numbers", "hotlines"];

export interface NumberFilters {
  status?: AssignedNumber["status"];
  number?: string;
  enterprise?: string;
}

export function useNumbers(filters: NumberFilters): Pages<AssignedNumber> {
  return usePages(["numbers", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/platform/hotlines", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

export interface NumberValues {
  enterprise_id: string;
  number: string;
  name: string;
  status: AssignedNumber["status"];
  concurrent_limit: number | null;
}

/** Assigns a number to an enterprise, or changes one that was seen; whose it is, and its name, stay. */
export function useSaveNumber(seen: AssignedNumber | null): UseMutationResult<unknown, Error, NumberValues> {
  const { t } = useTranslation();
  return useChange(
    ({ enterprise_id, name, ...assignment }): Promise<unknown> =>
      seen
        ? bodyOf(
            api.PATCH("/api/v1/hotlines/{hotline_id}/assignment", {
              params: {
                path: { hotline_id: seen.id },
                query: { enterprise_id: seen.enterprise_id },
                header: ifMatch(seen.version),
              },
              body: partly<Schemas["Assignment"]>(assignment),
            }),
          )
        : bodyOf(api.POST("/api/v1/hotlines", { params: { query: { enterprise_id } }, body: { ...assignment, name } })),
    { touches: TOUCHES, said: t("app.saved"), quiet: true },
  );
}

export function useWithdraw(): UseMutationResult<void, Error, AssignedNumber> {
  const { t } = useTranslation();
  return useChange(
    ({ id, enterprise_id }) =>
      done(
        api.DELETE("/api/v1/hotlines/{hotline_id}", {
          params: { path: { hotline_id: id }, query: { enterprise_id } },
        }),
      ),
    { touches: TOUCHES, said: t("numbers.withdrawn") },
  );
}

/** Those that no enterprise has. */
export function useFreeNumbers(number: string | undefined): Pages<StockNumber> {
  return usePages(["numbers", "free", number], (cursor, signal) => {
    const query = { assigned: false, ...(number && { number }), limit: 50, ...cursor };
    return bodyOf(api.GET("/api/v1/platform/numbers", { params: { query }, signal }));
  });
}

export function registerNumbers(text: string): Promise<Imported> {
  return bodyOf(
    api.POST("/api/v1/platform/numbers/import", {
      headers: { "Content-Type": "text/csv" },
      body: text,
      bodySerializer: (body) => body,
    }),
  );
}

export function useGiveUp(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/platform/numbers/{stock_id}", { params: { path: { stock_id: id } } })),
    { touches: TOUCHES, said: t("app.removed") },
  );
}
