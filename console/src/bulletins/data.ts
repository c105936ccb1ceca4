import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Bulletin = Schemas["Bulletin"];
export type BulletinReader = Schemas["BulletinReader"];
export type OwnBulletin = Schemas["OwnBulletin"];
export type Stage = Bulletin["stage"];

/** What a form of a bulletin holds. */
export interface Said {
  title: string;
  body: string;
  important: boolean;
  queue_id: string | null;
  /** null: at once. */
  shows_from: string | null;
  shows_until: string | null;
}

const ALL = "bulletins";
const OWN = "own-bulletins";
/** Bulletins come and go by the clock, too. */
const LOOK_AGAIN = 60_000;

export function useBulletins(stage: Stage | null): Pages<Bulletin> {
  return usePages(
    [ALL, "pages", stage],
    (cursor, signal) =>
      bodyOf(api.GET("/api/v1/bulletins", { params: { query: { limit: 50, ...cursor, ...(stage && { stage }) } }, signal })),
    { refetchInterval: LOOK_AGAIN },
  );
}

export function useReaders(id: string): UseQueryResult<BulletinReader[]> {
  return useQuery({
    queryKey: [ALL, "readers", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/bulletins/{bulletin_id}/readers", { params: { path: { bulletin_id: id } }, signal })),
  });
}

/** Posts one, or changes the one given. */
export function useSaveBulletin(bulletin: Bulletin | null, said: string): UseMutationResult<Bulletin, Error, Said> {
  return useChange(
    ({ shows_from, ...values }: Said) =>
      bulletin === null
        ? bodyOf(api.POST("/api/v1/bulletins", { body: { ...values, shows_from } }))
        : bodyOf(
            api.PATCH("/api/v1/bulletins/{bulletin_id}", {
              params: { path: { bulletin_id: bulletin.id }, header: ifMatch(bulletin.version) },
              body: { ...values, shows_from: shows_from ?? bulletin.shows_from },
            }),
          ),
    { touches: [ALL, OWN], said, quiet: true },
  );
}

export function useRemoveBulletin(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/bulletins/{bulletin_id}", { params: { path: { bulletin_id: id } } })),
    { touches: [ALL, OWN], said },
  );
}

/** What I am to read now. */
export function useOwnBulletins(): UseQueryResult<OwnBulletin[]> {
  return useQuery({
    queryKey: [OWN],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/agent/bulletins", { signal })),
    refetchInterval: LOOK_AGAIN,
  });
}

export function useMarkRead(): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.PUT("/api/v1/agent/bulletins/{bulletin_id}/reading", { params: { path: { bulletin_id: id } } })),
    { touches: [OWN, "today"] },
  );
}
