import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components, paths } from "../api/schema";
import { ifMatch } from "../api/version";
import { allOf, useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Sheet = Schemas["Sheet"];
export type SheetValues = Schemas["NewSheet"];
export type Criterion = Schemas["Criterion"];
export type Review = Schemas["hotline__quality__schemas__Review"];
export type NewReview = Schemas["NewReview"];
export type ReviewFilters = NonNullable<paths["/api/v1/quality/reviews"]["get"]["parameters"]["query"]>;

/** Every score sheet, those in use first. */
export function useSheets(): UseQueryResult<Sheet[]> {
  return useQuery({
    queryKey: ["sheets", "all"],
    queryFn: async () => {
      const sheets = await allOf((cursor) =>
        bodyOf(api.GET("/api/v1/quality/sheets", { params: { query: { limit: 100, ...cursor } } })),
      );
      return sheets.sort((one, other) => Number(other.in_use) - Number(one.in_use));
    },
  });
}

export function useSheetPages(): Pages<Sheet> {
  return usePages(["sheets", "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/quality/sheets", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useReviews(filters: ReviewFilters): Pages<Review> {
  return usePages(["reviews", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/quality/reviews", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

/** Sets up a sheet, or changes the one given. */
export function useSaveSheet(sheet: Sheet | null, said: string): UseMutationResult<Sheet, Error, SheetValues> {
  return useChange(
    (values: SheetValues) =>
      sheet === null
        ? bodyOf(api.POST("/api/v1/quality/sheets", { body: values }))
        : bodyOf(
            api.PATCH("/api/v1/quality/sheets/{sheet_id}", {
              params: { path: { sheet_id: sheet.id }, header: ifMatch(sheet.version) },
              body: values,
            }),
          ),
    { touches: ["sheets"], said, quiet: true },
  );
}

export function useRemoveSheet(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/quality/sheets/{sheet_id}", { params: { path: { sheet_id: id } } })),
    { touches: ["sheets"], said },
  );
}

/** Judges a talk, or judges the given review's again. */
export function useSaveReview(review: Review | null): UseMutationResult<Review, Error, NewReview> {
  return useChange(
    (values: NewReview) =>
      review === null
        ? bodyOf(api.POST("/api/v1/quality/reviews", { body: values }))
        : bodyOf(
            api.PATCH("/api/v1/quality/reviews/{review_id}", {
              params: { path: { review_id: review.id }, header: ifMatch(review.version) },
              body: { points: values.points, comment: values.comment ?? "" },
            }),
          ),
    { touches: ["reviews"], quiet: true },
  );
}

export function useRemoveReview(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/quality/reviews/{review_id}", { params: { path: { review_id: id } } })),
    { touches: ["reviews"], said },
  );
}
