import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type Carrier = components["schemas"]["Carrier"];
type NewCarrier = components["schemas"]["NewCarrier"];
type CarrierChange = components["schemas"]["CarrierChange"];

export const KINDS = ["address", "registration"] as const satisfies readonly Carrier["kind"][];
export const TRANSPORTS = ["udp", "tcp"] as const satisfies readonly Carrier["transport"][];
const LOOK_AGAIN = 15_000;

/** What the form edits; an emptied text is none. */
export interface CarrierValues {
  name: string;
  title: string;
  kind: Carrier["kind"];
  host: string;
  port: number;
  transport: Carrier["transport"];
  username: string | null;
  secret?: string;
  match_addresses: string[];
  from_user: string | null;
  area_code: string | null;
  position: number | null;
  enabled: boolean;
}

export function useCarriers(): Pages<Carrier> {
  return usePages(["carriers"], (_, signal) => bodyOf(api.GET("/api/v1/carriers", { signal })), { refetchInterval: LOOK_AGAIN });
}

export function useSaveCarrier(seen: Carrier | null): UseMutationResult<Carrier, Error, CarrierValues> {
  const { t } = useTranslation();
  return useChange(
    ({ name, secret, username, from_user, area_code, position, ...rest }) => {
      const values = {
        ...rest,
        username: username || null,
        from_user: from_user || null,
        area_code: area_code || null,
        ...(secret && { secret }),
      };
      return bodyOf(
        seen
          ? api.PATCH("/api/v1/carriers/{carrier_id}", {
              params: { path: { carrier_id: seen.id }, header: ifMatch(seen.version) },
              body: partly<CarrierChange>({ ...values, ...(position !== null && { position }) }),
            })
          : api.POST("/api/v1/carriers", { body: partly<NewCarrier>({ ...values, name, position }) }),
      );
    },
    { touches: ["carriers"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveCarrier(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/carriers/{carrier_id}", { params: { path: { carrier_id: id } } })),
    { touches: ["carriers"], said: t("app.removed") },
  );
}
