import type { UseMutationResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type CallerNumber = Schemas["CallerNumber"];
export type NumberValues = Schemas["NewCallerNumber"];
export type NumberChange = Schemas["CallerNumberChange"];
export type Forbidden = Schemas["ForbiddenNumber"];
export type ForbiddenValues = Schemas["NewForbiddenNumber"];

const SHOWN = "caller-numbers";
const FORBIDDEN = "forbidden-numbers";

export function useCallerNumbers(): Pages<CallerNumber> {
  return usePages([SHOWN, "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/caller-numbers", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useRegister(said: string): UseMutationResult<CallerNumber, Error, NumberValues> {
  return useChange((values: NumberValues) => bodyOf(api.POST("/api/v1/caller-numbers", { body: values })), {
    touches: [SHOWN],
    said,
    quiet: true,
  });
}

export function useChangeNumber(
  number: CallerNumber,
  said: string,
): UseMutationResult<CallerNumber, Error, NumberChange> {
  return useChange(
    (values: NumberChange) =>
      bodyOf(
        api.PATCH("/api/v1/caller-numbers/{number_id}", {
          params: { path: { number_id: number.id }, header: ifMatch(number.version) },
          body: values,
        }),
      ),
    { touches: [SHOWN], said, quiet: true },
  );
}

export function useRemoveNumber(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/caller-numbers/{number_id}", { params: { path: { number_id: id } } })),
    { touches: [SHOWN], said },
  );
}

export function useForbidden(): Pages<Forbidden> {
  return usePages([FORBIDDEN], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/forbidden-numbers", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useForbid(said: string): UseMutationResult<Forbidden, Error, ForbiddenValues> {
  return useChange((values: ForbiddenValues) => bodyOf(api.POST("/api/v1/forbidden-numbers", { body: values })), {
    touches: [FORBIDDEN],
    said,
    quiet: true,
  });
}

export function useAllow(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) =>
      done(api.DELETE("/api/v1/forbidden-numbers/{forbidden_id}", { params: { path: { forbidden_id: id } } })),
    { touches: [FORBIDDEN], said },
  );
}
