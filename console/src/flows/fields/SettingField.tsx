import { Form, Input, InputNumber, Select, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import {
  CallerListPicker,
  CodeListPicker,
  DestinationPicker,
  FlowPicker,
  GroupPicker,
  QueuePicker,
  SchedulePicker,
  SurveyPicker,
  VoicemailBoxPicker,
  type OneShown,
} from "../../kit/pickers";
import { PromptPicker } from "../../kit/PromptPicker";
import { CHINA, TimeZonePicker } from "../../kit/TimeZonePicker";
import { useEditor } from "../editor";
import type { FlowNode } from "../graph";
import { noticesOf, type Setting, type ThingKind } from "../settings";
import { noticeName, settingHint, settingName, wordsFor } from "../shown";
import { DatesField } from "./DatesField";
import { JsonField } from "./JsonField";
import { KeysField } from "./KeysField";
import { MapField } from "./MapField";
import { PeriodsField } from "./PeriodsField";
import { SoundsField } from "./SoundsField";
import { RulesField, SharesField, TestsField } from "./ways";

interface Shown {
  node: FlowNode;
  setting: Setting;
  onChange: (value: unknown) => void;
}

/** One setting of a node, with what the server says of it. */
export function SettingField(shown: Shown): ReactNode {
  const { i18n } = useTranslation();
  const { problems } = useEditor();
  const { node, setting } = shown;
  const name = setting.name;
  const label = settingName(i18n, node.kind, name);
  const wrong = problems
    .filter((one) => one.node === node.id && (one.field === name || one.field.startsWith(`${name}.`)))
    .map((one) => one.message);
  const hint = settingHint(i18n, node.kind, name);
  return (
    <Form.Item
      label={label}
      required={setting.required}
      extra={hint || undefined}
      style={{ marginBottom: 14 }}
      {...(wrong.length > 0 ? { validateStatus: "error", help: [...new Set(wrong)].join("；") } : {})}
      {...(setting.control.is === "switch" ? { layout: "horizontal", colon: false } : {})}
    >
      <Control {...shown} label={label} />
    </Form.Item>
  );
}


function Control({ node, setting, onChange, label }: Shown & { label: string }): ReactNode {
  const { i18n } = useTranslation();
  const { types } = useEditor();
  const { control } = setting;
  const given = node[setting.name];
  const value = given === undefined ? setting.otherwise : given;
  switch (control.is) {
    case "switch":
      return <Switch aria-label={label} checked={value === true} onChange={onChange} />;
    case "number":
      return (
        <InputNumber
          aria-label={label}
          style={{ width: "100%" }}
          value={typeof value === "number" ? value : null}
          {...(control.min === undefined ? {} : { min: control.min })}
          {...(control.max === undefined ? {} : { max: control.max })}
          {...(control.whole ? { precision: 0 } : {})}
          onChange={(number) => onChange(number ?? undefined)}
        />
      );
    case "choice":
      return (
        <Select
          aria-label={label}
          allowClear={setting.nullable}
          showSearch={{ optionFilterProp: "label" }}
          value={(value ?? null) as string | number | null}
          options={control.options.map((one) => ({ value: one, label: choiceName(i18n, setting.name, one) }))}
          onChange={(chosen) => onChange(chosen ?? null)}
        />
      );
    case "text":
      return (
        <Input
          aria-label={label}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.target.value === "" && setting.nullable ? null : event.target.value)}
        />
      );
    case "thing":
      return <ThingField thing={control.thing} label={label} value={typeof value === "string" ? value : null} onChange={(id) => onChange(id ?? (setting.required ? undefined : null))} />;
    case "sounds":
      return <SoundsField value={value} onChange={onChange} notices={noticesOf(types.find((one) => one.kind === node.kind))} />;
    case "keys":
      return <KeysField value={value} onChange={onChange} />;
    case "dates":
      return <DatesField value={value} onChange={onChange} label={label} />;
    case "zone":
      return <TimeZonePicker aria-label={label} value={String(value ?? CHINA)} onChange={onChange} />;
    case "periods":
      return <PeriodsField value={value} onChange={onChange} />;
    case "rules":
      return <RulesField value={value} onChange={onChange} />;
    case "shares":
      return <SharesField value={value} onChange={onChange} />;
    case "tests":
      return <TestsField value={value} onChange={onChange} />;
    case "map":
      return <MapField value={value} onChange={onChange} label={label} />;
    case "json":
      return <JsonField value={value} onChange={onChange} label={label} />;
    case "tags":
      return (
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label={label}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(texts: string[]) => onChange(texts)}
        />
      );
  }
}

function choiceName(i18n: ReturnType<typeof useTranslation>["i18n"], setting: string, choice: string | number): string {
  return setting === "notice" ? noticeName(i18n, String(choice)) : wordsFor(i18n, `flows.choice.${setting}_${choice}`, String(choice));
}

const PICKERS: Readonly<Partial<Record<ThingKind, (shown: OneShown) => ReactNode>>> = {
  prompt: PromptPicker,
  schedule: SchedulePicker,
  group: GroupPicker,
  destination: DestinationPicker,
  caller_list: CallerListPicker,
  code_list: CodeListPicker,
  queue: QueuePicker,
  voicemail_box: VoicemailBoxPicker,
  survey: SurveyPicker,
};

function ThingField({ thing, label, value, onChange }: { thing: ThingKind; label: string; value: string | null; onChange: (id: string | null) => void }): ReactNode {
  const { t } = useTranslation();
  const { flowId, things } = useEditor();
  const isGone = value !== null && things[thing]?.has(value) === false;
  const shown = { "aria-label": label, value: isGone ? null : value, onChange, ...(isGone ? { placeholder: t("flows.gone") } : {}) };
  if (thing === "flow") {
    return <FlowPicker {...shown} without={[flowId]} />;
  }
  const Picker = PICKERS[thing];
  if (Picker) {
    return <Picker {...shown} />;
  }
  return (
    <Select
      {...shown}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      options={[...(things[thing] ?? [])].map(([id, name]) => ({ value: id, label: name }))}
      onChange={(id?: string) => onChange(id ?? null)}
    />
  );
}
