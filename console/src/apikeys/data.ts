import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { useChange, usePages, type Pages } from "../kit/data";

export type ApiKey = components["schemas"]["ApiKey"];
export type NewApiKey = components["schemas"]["ApiKeyCreate"];
export type MadeApiKey = components["schemas"]["ApiKeyCreated"];

/** An enterprise's keys, or the operator's own. */
export type Whose = "enterprise" | "operator";

const TOUCHES: Readonly<Record<Whose, readonly string[]>> = {
  enterprise: ["api-keys"],
  operator: ["operator-api-keys"],
};

export function useApiKeys(whose: Whose): Pages<ApiKey> {
  return usePages([...TOUCHES[whose]], (cursor, signal) => {
    const sent = { params: { query: { limit: 50, ...cursor } }, signal };
    return bodyOf(
      whose === "operator" ? api.GET("/api/v1/operator-api-keys", sent) : api.GET("/api/v1/api-keys", sent),
    );
  });
}

export function useCreateKey(whose: Whose): UseMutationResult<MadeApiKey, Error, NewApiKey> {
  return useChange(
    (body) =>
      bodyOf(
        whose === "operator"
          ? api.POST("/api/v1/operator-api-keys", { body })
          : api.POST("/api/v1/api-keys", { body }),
      ),
    { touches: TOUCHES[whose], quiet: true },
  );
}

export function useRevokeKey(whose: Whose): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => {
      const sent = { params: { path: { key_id: id } } };
      return done(
        whose === "operator"
          ? api.DELETE("/api/v1/operator-api-keys/{key_id}", sent)
          : api.DELETE("/api/v1/api-keys/{key_id}", sent),
      );
    },
    { touches: TOUCHES[whose], said: t("apikeys.revoked") },
  );
}

export type KeyStatus = "valid" | "revoked" | "expired";

export function statusOf(key: ApiKey, now: number = Date.now()): KeyStatus {
  if (key.revoked_at !== null) {
    return "revoked";
  }
  return key.expires_at !== null && Date.parse(key.expires_at) <= now ? "expired" : "valid";
}
