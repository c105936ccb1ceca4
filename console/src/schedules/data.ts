import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";
import type { OwnDays, Weekly } from "./hours";

export type Schedule = components["schemas"]["Schedule"];
export type CalendarYear = components["schemas"]["CalendarYear"];
type Body = components["schemas"]["NewSchedule"];

/** What the page edits. */
export interface ScheduleValues {
  name: string;
  time_zone: string;
  weekly: Weekly;
  special_days: OwnDays;
}

const LOOK_AGAIN = 30_000;

export function useSchedules(): Pages<Schedule> {
  return usePages(["schedules"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/schedules", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useSchedule(id: string | null): UseQueryResult<Schedule> {
  return useQuery({
    queryKey: ["schedules", id],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/schedules/{schedule_id}", { params: { path: { schedule_id: id ?? "" } }, signal })),
  });
}

/** Whether it is open at an instant, or now. */
export function useIsOpen(id: string, at: string | null = null): boolean | undefined {
  const { data } = useQuery({
    queryKey: ["schedules", id, "open", at],
    refetchInterval: at === null ? LOOK_AGAIN : false,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/schedules/{schedule_id}/state", {
          params: { path: { schedule_id: id }, query: at === null ? {} : { at } },
          signal,
        }),
      ),
  });
  return data?.open;
}

/** Saves new opening hours, or a change of those that were seen. */
export function useSaveSchedule(seen: Schedule | null): UseMutationResult<Schedule, Error, ScheduleValues> {
  const { t } = useTranslation();
  return useChange(
    (values) => {
      const body = values as unknown as Body;
      return bodyOf(
        seen
          ? api.PATCH("/api/v1/schedules/{schedule_id}", {
              params: { path: { schedule_id: seen.id }, header: ifMatch(seen.version) },
              body,
            })
          : api.POST("/api/v1/schedules", { body }),
      );
    },
    { touches: ["schedules"], said: t("app.saved"), quiet: true },
  );
}

export function useRemoveSchedule(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/schedules/{schedule_id}", { params: { path: { schedule_id: id } } })),
    { touches: ["schedules"], said: t("app.removed") },
  );
}

/** Public holidays and make-up workdays of a year. */
export function useCalendar(year: number): UseQueryResult<CalendarYear> {
  return useQuery({
    queryKey: ["holidays", year],
    staleTime: Infinity,
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/holidays", { params: { query: { year } }, signal })),
  });
}
