import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { allOf, useChange, usePages, type Pages } from "../kit/data";

export type Enterprise = components["schemas"]["Enterprise"];
export type NewEnterprise = components["schemas"]["EnterpriseCreate"];
export const STATUSES = ["active", "suspended"] as const satisfies readonly Enterprise["status"][];

/** Names of enterprises are shown beside numbers and in the audit too. */
const TOUCHES = ["enterprises", "enterprise"];

export interface EnterpriseFilters {
  status?: Enterprise["status"];
  text?: string;
}

export function useEnterprises(filters: EnterpriseFilters): Pages<Enterprise> {
  return usePages(["enterprises", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/enterprises", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

/** All of them, to choose from and to know their names. */
export function useAllEnterprises(enabled = true): UseQueryResult<Enterprise[]> {
  return useQuery({
    enabled,
    queryKey: ["enterprises", "all"],
    queryFn: () =>
      allOf((cursor) => bodyOf(api.GET("/api/v1/enterprises", { params: { query: { ...cursor, limit: 200 } } }))),
  });
}

/** The enterprise that one is in. */
export function useOwnEnterprise(): UseQueryResult<Enterprise> {
  return useQuery({
    queryKey: ["enterprise"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/enterprise", { signal })),
  });
}

export function useCreateEnterprise(): UseMutationResult<Enterprise, Error, NewEnterprise> {
  const { t } = useTranslation();
  return useChange((body) => bodyOf(api.POST("/api/v1/enterprises", { body })), {
    touches: TOUCHES,
    said: t("app.saved"),
    quiet: true,
  });
}

/** What the operator changes of an enterprise. */
export interface EnterpriseValues {
  name: string;
  credit_limit: string;
}

export function useChangeEnterprise(id: string): UseMutationResult<Enterprise, Error, EnterpriseValues> {
  const { t } = useTranslation();
  return useChange(
    ({ name, credit_limit }) =>
      bodyOf(
        api.PATCH("/api/v1/enterprises/{enterprise_id}", {
          params: { path: { enterprise_id: id } },
          body: { name, credit_limit },
        }),
      ),
    { touches: TOUCHES, said: t("app.saved"), quiet: true },
  );
}

/** Money put in, or taken out: `amount` is above nothing. */
export interface Adjustment {
  direction: "put" | "take";
  amount: string;
  note: string;
}

export function useAdjustBalance(id: string): UseMutationResult<Enterprise, Error, Adjustment> {
  const { t } = useTranslation();
  return useChange(
    ({ direction, amount, note }) =>
      bodyOf(
        api.POST("/api/v1/enterprises/{enterprise_id}/adjust-balance", {
          params: { path: { enterprise_id: id } },
          body: { amount: direction === "take" ? `-${amount}` : amount, note },
        }),
      ),
    { touches: TOUCHES, said: t("enterprises.adjusted"), quiet: true },
  );
}

export function useSuspend(): UseMutationResult<Enterprise, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => bodyOf(api.POST("/api/v1/enterprises/{enterprise_id}/suspend", { params: { path: { enterprise_id: id } } })),
    { touches: TOUCHES, said: t("enterprises.suspended") },
  );
}

export function useResume(): UseMutationResult<Enterprise, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => bodyOf(api.POST("/api/v1/enterprises/{enterprise_id}/resume", { params: { path: { enterprise_id: id } } })),
    { touches: TOUCHES, said: t("enterprises.resumed") },
  );
}
