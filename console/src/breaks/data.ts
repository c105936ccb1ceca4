import type { UseMutationResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type BreakReason = Schemas["BreakReason"];
export type ReasonValues = Schemas["NewBreakReason"];
export type Disposition = Schemas["Disposition"];
export type DispositionValues = Schemas["NewDisposition"];

const REASONS = "break-reasons";
const DISPOSITIONS = "dispositions";

export function useReasons(): Pages<BreakReason> {
  return usePages([REASONS, "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/break-reasons", { params: { query: { limit: 100, ...cursor } }, signal })),
  );
}

export function useSaveReason(
  reason: BreakReason | null,
  said: string,
): UseMutationResult<BreakReason, Error, ReasonValues> {
  return useChange(
    (values: ReasonValues) =>
      reason === null
        ? bodyOf(api.POST("/api/v1/break-reasons", { body: values }))
        : bodyOf(
            api.PATCH("/api/v1/break-reasons/{reason_id}", {
              params: { path: { reason_id: reason.id }, header: ifMatch(reason.version) },
              body: values,
            }),
          ),
    { touches: [REASONS], said, quiet: true },
  );
}

export function useRemoveReason(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/break-reasons/{reason_id}", { params: { path: { reason_id: id } } })),
    { touches: [REASONS], said },
  );
}

export function useDispositions(): Pages<Disposition> {
  return usePages([DISPOSITIONS, "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/dispositions", { params: { query: { limit: 100, ...cursor } }, signal })),
  );
}

/** Adds one, or changes the one given: all of it but the code. */
export function useSaveDisposition(
  disposition: Disposition | null,
  said: string,
): UseMutationResult<Disposition, Error, DispositionValues> {
  return useChange(
    ({ code, ...values }: DispositionValues) =>
      disposition === null
        ? bodyOf(api.POST("/api/v1/dispositions", { body: { code, ...values } }))
        : bodyOf(
            api.PATCH("/api/v1/dispositions/{disposition_id}", {
              params: { path: { disposition_id: disposition.id }, header: ifMatch(disposition.version) },
              body: values,
            }),
          ),
    { touches: [DISPOSITIONS], said, quiet: true },
  );
}

export function useRemoveDisposition(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) =>
      done(api.DELETE("/api/v1/dispositions/{disposition_id}", { params: { path: { disposition_id: id } } })),
    { touches: [DISPOSITIONS], said },
  );
}
