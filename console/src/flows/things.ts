/** What nodes name by its id: prompts, queues, groups … */
import { useMemo } from "react";

import {
  useAllAgents,
  useAllCallerLists,
  useAllCodeLists,
  useAllDestinations,
  useAllFlows,
  useAllGroups,
  useAllPrompts,
  useAllQueues,
  useAllSchedules,
  useAllSurveys,
  useAllVoicemailBoxes,
} from "../kit/choices";
import { phone } from "../kit/format";
import type { ThingKind } from "./settings";

/** Names by id; a kind is absent while it is fetched. */
export type Things = Readonly<Partial<Record<ThingKind, ReadonlyMap<string, string>>>>;

interface Named {
  readonly id: string;
  readonly name: string;
}

function names(all: readonly Named[] | undefined): ReadonlyMap<string, string> | undefined {
  return all && new Map(all.map(({ id, name }) => [id, name]));
}

/** The names of everything that a node may name. */
export function useThings(): Things {
  const prompt = useAllPrompts().data;
  const schedule = useAllSchedules().data;
  const group = useAllGroups().data;
  const flow = useAllFlows().data;
  const callerList = useAllCallerLists().data;
  const codeList = useAllCodeLists().data;
  const queue = useAllQueues().data;
  const box = useAllVoicemailBoxes().data;
  const survey = useAllSurveys().data;
  const destination = useAllDestinations().data;
  const agent = useAllAgents().data;
  return useMemo(() => {
    const numbers = destination?.map(({ id, number, label }) => ({ id, name: label || phone(number) }));
    const extensions = agent?.map(({ extension, name }) => ({ id: extension, name: `${extension} ${name}` }));
    const dialled = queue?.flatMap(({ extension, name }) => (extension ? [{ id: extension, name: `${extension} ${name}` }] : []));
    const all: Record<ThingKind, readonly Named[] | undefined> = {
      prompt,
      schedule,
      group,
      flow,
      caller_list: callerList,
      code_list: codeList,
      queue,
      voicemail_box: box,
      survey,
      destination: numbers,
      extension: extensions && dialled ? [...extensions, ...dialled] : undefined,
    };
    const known = Object.entries(all).flatMap(([kind, list]) => (list ? [[kind, names(list)] as const] : []));
    return Object.fromEntries(known) as Things;
  }, [prompt, schedule, group, flow, callerList, codeList, queue, box, survey, destination, agent]);
}

/** Its name; null where there is no such thing, undefined while that is not known. */
export function nameOf(things: Things, kind: ThingKind, id: unknown): string | null | undefined {
  const all = things[kind];
  return all ? (all.get(String(id)) ?? null) : undefined;
}
