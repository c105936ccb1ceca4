import {
  useAllAgents,
  useAllCallerLists,
  useAllCodeLists,
  useAllDestinations,
  useAllFlows,
  useAllGroups,
  useAllHotlines,
  useAllPrompts,
  useAllQueues,
  useAllSchedules,
  useAllSurveys,
  useAllVoicemailBoxes,
} from "../kit/choices";

/** What the enterprise's things are called, by their ids; what is gone has no name any more. */
export function useIdNames(): ReadonlyMap<string, string> {
  const named = [
    useAllAgents().data,
    useAllCallerLists().data,
    useAllCodeLists().data,
    useAllFlows().data,
    useAllGroups().data,
    useAllHotlines().data,
    useAllPrompts().data,
    useAllQueues().data,
    useAllSchedules().data,
    useAllSurveys().data,
    useAllVoicemailBoxes().data,
  ].flatMap((all) => all ?? []);
  const numbers = useAllDestinations().data ?? [];
  return new Map([
    ...named.map(({ id, name }) => [id, name] as const),
    ...numbers.map(({ id, label, number }) => [id, label || number] as const),
  ]);
}
