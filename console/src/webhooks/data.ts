import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["Delivery"];
export type State = Delivery["state"];

export const STATES = ["pending", "delivered", "failed"] as const satisfies readonly State[];
const LOOK_AGAIN = 5_000;

export interface WebhookValues {
  url: string;
  description: string;
  events: string[];
  enabled?: boolean;
}

export function useWebhooks(): Pages<Webhook> {
  return usePages(["webhooks"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/webhooks", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useWebhook(id: string): UseQueryResult<Webhook> {
  return useQuery({
    queryKey: ["webhooks", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, signal })),
  });
}

/** The kinds of events that can be told. */
export function useEventTypes(): UseQueryResult<string[]> {
  return useQuery({
    queryKey: ["webhook-events"],
    queryFn: async ({ signal }) => (await bodyOf(api.GET("/api/v1/webhooks/events", { signal }))).map((one) => one.type),
    staleTime: Infinity,
  });
}

/** Answers with the secret where the webhook is new. */
export function useSaveWebhook(seen: Webhook | null): UseMutationResult<string | null, Error, WebhookValues> {
  const { t } = useTranslation();
  return useChange(
    async ({ enabled, ...values }) => {
      if (!seen) {
        return (await bodyOf(api.POST("/api/v1/webhooks", { body: values }))).secret;
      }
      await bodyOf(
        api.PATCH("/api/v1/webhooks/{webhook_id}", {
          params: { path: { webhook_id: seen.id }, header: ifMatch(seen.version) },
          body: partly<Schemas["WebhookChange"]>({ ...values, ...(enabled !== undefined && { enabled }) }),
        }),
      );
      return null;
    },
    { touches: ["webhooks"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveWebhook(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } } })),
    { touches: ["webhooks"], said: t("app.removed") },
  );
}

export function useRenewSecret(id: string): UseMutationResult<string, Error, undefined> {
  return useChange(
    async () =>
      (await bodyOf(api.POST("/api/v1/webhooks/{webhook_id}/secret", { params: { path: { webhook_id: id } } }))).secret,
    { touches: ["webhooks"] },
  );
}

export function usePing(): UseMutationResult<Delivery, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => bodyOf(api.POST("/api/v1/webhooks/{webhook_id}/ping", { params: { path: { webhook_id: id } } })),
    { touches: ["webhooks", "deliveries"], said: t("webhooks.pinged") },
  );
}

export function useDeliveries(webhookId: string, state: State | null): Pages<Delivery> {
  return usePages(
    ["deliveries", webhookId, state],
    (cursor, signal) =>
      bodyOf(
        api.GET("/api/v1/webhooks/{webhook_id}/deliveries", {
          params: { path: { webhook_id: webhookId }, query: { limit: 50, ...(state && { state }), ...cursor } },
          signal,
        }),
      ),
    { refetchInterval: LOOK_AGAIN },
  );
}

export function useResend(webhookId: string): UseMutationResult<Delivery, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) =>
      bodyOf(
        api.POST("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", {
          params: { path: { webhook_id: webhookId, delivery_id: id } },
        }),
      ),
    { touches: ["deliveries", "webhooks"], said: t("webhooks.resent") },
  );
}
