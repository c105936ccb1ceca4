import type { UseQueryResult } from "@tanstack/react-query";
import { Select } from "antd";
import type { SelectProps } from "antd";
import type { CSSProperties, ReactNode } from "react";

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
} from "./choices";
import { phone } from "./format";

interface Common {
  /** `id`, `value` and `onChange` come from the form's item. */
  id?: string;
  placeholder?: string;
  disabled?: boolean;
  allowClear?: boolean;
  style?: CSSProperties;
  "aria-label"?: string;
  /** Choices that are not offered here. */
  without?: readonly string[];
}

/** One choice, by its id; null for none. */
export interface OneShown extends Common {
  value?: string | null;
  onChange?: (id: string | null) => void;
}

/** Any number of choices, by their ids, in the order in which they were chosen. */
export interface ManyShown extends Common {
  value?: readonly string[];
  onChange?: (ids: string[]) => void;
}

interface Choice {
  readonly id: string;
  readonly label: string;
  /** What stands in grey beside it. */
  readonly more?: string;
}

type Source = () => { data: readonly Choice[] | undefined; isLoading: boolean };

function source<T>(all: () => UseQueryResult<T[]>, choiceOf: (one: T) => Choice): Source {
  return () => {
    const { data, isLoading } = all();
    return { data: data?.map(choiceOf), isLoading };
  };
}

function useSelect(useSource: Source, without: readonly string[]): SelectProps {
  const { data, isLoading } = useSource();
  const options = (data ?? [])
    .filter((one) => !without.includes(one.id))
    .map((one) => ({ value: one.id, label: one.label, words: `${one.label} ${one.more ?? ""}`, more: one.more }));
  return {
    options,
    loading: isLoading,
    showSearch: { optionFilterProp: "words" },
    popupMatchSelectWidth: false,
    optionRender: (option) => <Row label={option.label} more={option.data["more"] as string | undefined} />,
  };
}

function Row({ label, more }: { label: ReactNode; more?: string | undefined }): ReactNode {
  return (
    <span>
      {label} {more && <span style={{ opacity: 0.6 }}>{more}</span>}
    </span>
  );
}

function picker(useSource: Source): (shown: OneShown) => ReactNode {
  return function Picker({ value, onChange, without = [], allowClear = true, style, ...rest }) {
    return (
      <Select
        {...rest}
        {...useSelect(useSource, without)}
        allowClear={allowClear}
        style={{ width: "100%", ...style }}
        value={value ?? null}
        onChange={(chosen?: string) => onChange?.(chosen ?? null)}
      />
    );
  };
}

function manyPicker(useSource: Source): (shown: ManyShown) => ReactNode {
  return function ManyPicker({ value = [], onChange, without = [], style, ...rest }) {
    return (
      <Select
        {...rest}
        {...useSelect(useSource, without)}
        mode="multiple"
        style={{ width: "100%", ...style }}
        value={[...value]}
        onChange={(chosen: string[]) => onChange?.(chosen)}
      />
    );
  };
}

const hotlines = source(useAllHotlines, (one) => ({ id: one.id, label: one.name, more: phone(one.number) }));
const destinations = source(useAllDestinations, (one) => ({
  id: one.id,
  label: phone(one.number),
  more: one.label,
}));
const groups = source(useAllGroups, ({ id, name }) => ({ id, label: name }));
const schedules = source(useAllSchedules, ({ id, name }) => ({ id, label: name }));
const prompts = source(useAllPrompts, (one) => ({ id: one.id, label: one.name, more: one.text?.slice(0, 24) }));
const flows = source(useAllFlows, ({ id, name }) => ({ id, label: name }));
const queues = source(useAllQueues, (one) => ({ id: one.id, label: one.name, more: one.extension ?? "" }));
const agents = source(useAllAgents, (one) => ({ id: one.id, label: one.name, more: one.extension }));
const surveys = source(useAllSurveys, ({ id, name }) => ({ id, label: name }));
const boxes = source(useAllVoicemailBoxes, ({ id, name }) => ({ id, label: name }));
const callerLists = source(useAllCallerLists, ({ id, name }) => ({ id, label: name }));
const codeLists = source(useAllCodeLists, ({ id, name }) => ({ id, label: name }));

export const HotlinePicker = picker(hotlines);
export const HotlinesPicker = manyPicker(hotlines);
export const DestinationPicker = picker(destinations);
export const GroupPicker = picker(groups);
export const SchedulePicker = picker(schedules);
/** Without a way to listen; see PromptPicker for one. */
export const SilentPromptPicker = picker(prompts);
export const FlowPicker = picker(flows);
export const QueuePicker = picker(queues);
export const QueuesPicker = manyPicker(queues);
export const AgentPicker = picker(agents);
export const AgentsPicker = manyPicker(agents);
export const SurveyPicker = picker(surveys);
export const VoicemailBoxPicker = picker(boxes);
export const CallerListPicker = picker(callerLists);
export const CodeListPicker = picker(codeLists);
