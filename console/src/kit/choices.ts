import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";
import { useEnterpriseId } from "../app/acting";
import { may, useMe, type Permission } from "../app/session";
import { allOf, type PageOf } from "./data";

type Schemas = components["schemas"];
export type Hotline = Schemas["Hotline"];
export type Destination = Schemas["Destination"];
export type Group = Schemas["Group"];
export type Schedule = Schemas["Schedule"];
export type Prompt = Schemas["Prompt"];
export type Flow = Schemas["Flow"];
export type Queue = Schemas["Queue"];
export type Agent = Schemas["Agent"];
export type Survey = Schemas["Survey"];
export type VoicemailBox = Schemas["Box"];
export type CallerList = Schemas["CallerList"];
export type CodeList = Schemas["CodeList"];

const KEPT_FOR = 30_000;

type Cursor = { cursor?: string };

/**
 * Everything of one kind that can be chosen; nothing for those who may not read it, or have entered
 * no enterprise. A change that touches the resource's name fetches it again.
 */
function useAll<T>(name: string, needs: Permission, fetchPage: (query: Cursor & { limit: number }) => Promise<PageOf<T>>): UseQueryResult<T[]> {
  const isAllowed = may(useMe(), needs);
  const isSomewhere = useEnterpriseId() !== null;
  return useQuery({
    queryKey: [name, "all"],
    queryFn: () => allOf((cursor) => fetchPage({ ...cursor, limit: 200 })),
    enabled: isAllowed && isSomewhere,
    staleTime: KEPT_FOR,
  });
}

export const useAllHotlines = (): UseQueryResult<Hotline[]> =>
  useAll("hotlines", "hotlines.read", (query) => bodyOf(api.GET("/api/v1/hotlines", { params: { query } })));

export const useAllDestinations = (): UseQueryResult<Destination[]> =>
  useAll("destinations", "destinations.read", (query) => bodyOf(api.GET("/api/v1/destinations", { params: { query } })));

export const useAllGroups = (): UseQueryResult<Group[]> =>
  useAll("groups", "groups.read", (query) => bodyOf(api.GET("/api/v1/forwarding-groups", { params: { query } })));

export const useAllSchedules = (): UseQueryResult<Schedule[]> =>
  useAll("schedules", "schedules.read", (query) => bodyOf(api.GET("/api/v1/schedules", { params: { query } })));

export const useAllPrompts = (): UseQueryResult<Prompt[]> =>
  useAll("prompts", "prompts.read", (query) => bodyOf(api.GET("/api/v1/prompts", { params: { query } })));

export const useAllFlows = (): UseQueryResult<Flow[]> =>
  useAll("flows", "flows.read", (query) => bodyOf(api.GET("/api/v1/flows", { params: { query } })));

export const useAllQueues = (): UseQueryResult<Queue[]> =>
  useAll("queues", "queues.read", (query) => bodyOf(api.GET("/api/v1/queues", { params: { query } })));

export const useAllAgents = (): UseQueryResult<Agent[]> =>
  useAll("agents", "agents.read", (query) => bodyOf(api.GET("/api/v1/agents", { params: { query } })));

export const useAllSurveys = (): UseQueryResult<Survey[]> =>
  useAll("surveys", "surveys.read", (query) => bodyOf(api.GET("/api/v1/surveys", { params: { query } })));

export const useAllVoicemailBoxes = (): UseQueryResult<VoicemailBox[]> =>
  useAll("voicemail-boxes", "voicemail_boxes.read", (query) =>
    bodyOf(api.GET("/api/v1/voicemail/boxes", { params: { query } })),
  );

export const useAllCallerLists = (): UseQueryResult<CallerList[]> =>
  useAll("caller-lists", "flows.read", (query) => bodyOf(api.GET("/api/v1/caller-lists", { params: { query } })));

export const useAllCodeLists = (): UseQueryResult<CodeList[]> =>
  useAll("code-lists", "flows.read", (query) => bodyOf(api.GET("/api/v1/code-lists", { params: { query } })));
