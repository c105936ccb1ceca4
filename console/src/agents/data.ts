import { useQuery, type UseMutationResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useEnterpriseId } from "../app/acting";
import { may, useMe } from "../app/session";
import { useAllDestinations } from "../kit/choices";
import { allOf, useChange, usePages, type Pages } from "../kit/data";
import { phone } from "../kit/format";

type Schemas = components["schemas"];
export type Agent = Schemas["Agent"];
export type AgentValues = Schemas["NewAgent"];
export type SipLogin = Schemas["SipLogin"];

export interface Filters {
  text?: string | undefined;
  enabled?: boolean | undefined;
}

export function useAgentPages(filters: Filters): Pages<Agent> {
  return usePages(["agents", "pages", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/agents", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

/** Sets up an agent, or changes the one given. */
export function useSaveAgent(agent: Agent | null, said: string): UseMutationResult<Agent, Error, AgentValues> {
  return useChange(
    (values: AgentValues) =>
      agent === null
        ? bodyOf(api.POST("/api/v1/agents", { body: values }))
        : bodyOf(
            api.PATCH("/api/v1/agents/{agent_id}", {
              params: { path: { agent_id: agent.id }, header: ifMatch(agent.version) },
              body: values,
            }),
          ),
    { touches: ["agents", "agent-states"], said, quiet: true },
  );
}

export function useRemoveAgent(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/agents/{agent_id}", { params: { path: { agent_id: id } } })),
    { touches: ["agents", "agent-states", "queue-members"], said },
  );
}

/** A new secret for the SIP phone; it is shown this once. */
export function useNewSecret(): UseMutationResult<SipLogin, Error, string> {
  return useChange(
    (id: string) => bodyOf(api.POST("/api/v1/agents/{agent_id}/sip-secret", { params: { path: { agent_id: id } } })),
    { touches: [] },
  );
}

/** Adds the agents of a list, a line each. */
export async function importAgents(text: string, isAllOrNothing: boolean): Promise<Schemas["AgentImport"]> {
  return bodyOf(
    api.POST("/api/v1/agents/import", {
      params: { query: { all_or_nothing: isAllOrNothing } },
      body: text,
      bodySerializer: (body: string) => body,
      headers: { "Content-Type": "text/csv" },
    }),
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The people who may sign in as an agent. */
export function useUserChoices(): Choice[] {
  const isAllowed = may(useMe(), "users.read");
  const isSomewhere = useEnterpriseId() !== null;
  const { data } = useQuery({
    queryKey: ["users", "all"],
    enabled: isAllowed && isSomewhere,
    queryFn: () => allOf((cursor) => bodyOf(api.GET("/api/v1/users", { params: { query: { ...cursor, limit: 200 } } }))),
  });
  return (data ?? []).map((user) => ({ value: user.id, label: `${user.name} ${user.login}` }));
}

/** The approved numbers that may be shown to those whom agents call. */
export function useShownNumbers(): Choice[] {
  const isAllowed = may(useMe(), "destinations.read");
  const isSomewhere = useEnterpriseId() !== null;
  const destinations = useAllDestinations().data ?? [];
  const { data } = useQuery({
    queryKey: ["caller-numbers", "all"],
    enabled: isAllowed && isSomewhere,
    queryFn: () =>
      allOf((cursor) => bodyOf(api.GET("/api/v1/caller-numbers", { params: { query: { ...cursor, limit: 200 } } }))),
  });
  const approved = [...(data ?? []), ...destinations].filter((one) => one.status === "approved");
  const byNumber = new Map(approved.map((one) => [one.number, one.label]));
  return [...byNumber].map(([number, label]) => ({ value: number, label: `${phone(number)} ${label}`.trim() }));
}
