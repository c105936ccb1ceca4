import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { useChange, usePages, type Pages } from "../kit/data";

export type User = components["schemas"]["User"];
export type Role = User["role"];

/** Who can be in an enterprise, the most powerful first. */
export const ROLES = ["administrator", "supervisor", "agent"] as const satisfies readonly Role[];
export const STATUSES = ["active", "disabled"] as const satisfies readonly User["status"][];

/** What the form edits; operators have one role only. */
export interface UserValues {
  login: string;
  name: string;
  role: Role;
  enabled: boolean;
  password?: string;
}

export interface UserFilters {
  role?: Role;
  status?: User["status"];
  text?: string;
}

export function useUsers(filters: UserFilters): Pages<User> {
  return usePages(["users", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/users", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

export function useOperators(): Pages<User> {
  return usePages(["operators"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/operators", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

/** Saves a person of the enterprise's: a new one, or a change of one that was seen. */
export function useSaveUser(seen: User | null): UseMutationResult<User, Error, UserValues> {
  const { t } = useTranslation();
  return useChange(
    ({ login, name, role, password, ...rest }) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/users/{user_id}", {
              params: { path: { user_id: seen.id } },
              body: { role, ...changeOf({ name, password, ...rest }) },
            })
          : api.POST("/api/v1/users", { body: { login, name, role, password: password ?? "" } }),
      ),
    { touches: ["users"], said: t("app.saved"), quiet: true },
  );
}

export function useSaveOperator(seen: User | null): UseMutationResult<User, Error, UserValues> {
  const { t } = useTranslation();
  return useChange(
    ({ login, name, password, enabled }) =>
      bodyOf(
        seen
          ? api.PATCH("/api/v1/operators/{user_id}", {
              params: { path: { user_id: seen.id } },
              body: changeOf({ name, password, enabled }),
            })
          : api.POST("/api/v1/operators", { body: { login, name, password: password ?? "" } }),
      ),
    { touches: ["operators"], said: t("app.saved"), quiet: true },
  );
}

type Change = Pick<components["schemas"]["UserUpdate"], "name" | "status" | "password">;

/** An empty password means that it stays. */
function changeOf({ name, enabled, password }: { name: string; enabled: boolean; password: string | undefined }): Change {
  return { name, status: enabled ? "active" : "disabled", ...(password && { password }) };
}
