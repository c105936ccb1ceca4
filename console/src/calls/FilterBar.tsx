import { Checkbox, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useEnterpriseId } from "../app/acting";
import { AgentPicker, HotlinePicker, QueuePicker } from "../kit/pickers";
import { RegionPicker } from "../kit/RegionPicker";
import { DIRECTIONS, OUTCOMES, type Filters } from "./filters";

interface Shown {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** Which calls are shown. */
export function FilterBar({ filters, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const ofOne = useEnterpriseId() !== null;
  const change = (changed: Filters): void => onChange({ ...filters, ...changed });
  return (
    <>
      <NumberField label={t("calls.filterCaller")} value={filters.caller} change={(caller) => change({ caller })} />
      <NumberField
        label={t("calls.filterDestination")}
        value={filters.destination}
        change={(destination) => change({ destination })}
      />
      <Choice
        label={t("calls.outcomeTitle")}
        value={filters.outcome}
        options={OUTCOMES.map((value) => ({ value, label: t(`calls.outcome.${value}`) }))}
        change={(outcome) => change({ outcome })}
      />
      <Choice
        label={t("calls.directionTitle")}
        value={filters.direction}
        options={DIRECTIONS.map((value) => ({ value, label: t(`calls.direction.${value}`) }))}
        change={(direction) => change({ direction })}
      />
      <Time filters={filters} onChange={change} />
      <div style={{ width: 150 }}>
        <RegionPicker
          wholeProvinces
          placeholder={t("calls.region")}
          aria-label={t("calls.region")}
          value={filters.province ? { province: filters.province, city: filters.city ?? null } : null}
          onChange={(place) => change({ province: place?.province, city: place?.city ?? undefined })}
        />
      </div>
      {ofOne ? <Ours filters={filters} onChange={change} /> : <OfNobody filters={filters} onChange={change} />}
    </>
  );
}

function Ours({ filters, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const pickers = [
    { name: "hotline_id", Picker: HotlinePicker, label: t("calls.dialled") },
    { name: "queue_id", Picker: QueuePicker, label: t("calls.queue") },
    { name: "agent_id", Picker: AgentPicker, label: t("calls.agent") },
  ] as const;
  return pickers.map(({ name, Picker, label }) => (
    <Picker
      key={name}
      style={{ width: 140 }}
      aria-label={label}
      placeholder={label}
      value={filters[name] ?? null}
      onChange={(id) => onChange({ [name]: id ?? undefined })}
    />
  ));
}

function OfNobody({ filters, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <Checkbox
      style={{ alignSelf: "center" }}
      checked={filters.of_no_enterprise !== undefined}
      onChange={(event) => onChange({ of_no_enterprise: event.target.checked ? "true" : undefined })}
    >
      {t("calls.ofNobody")}
    </Checkbox>
  );
}

function NumberField({ label, value, change }: { label: string; value: string | undefined; change: (value: string) => void }): ReactNode {
  return (
    <Input.Search
      allowClear
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ""}
      style={{ width: 210 }}
      onSearch={(typed) => change(typed.trim())}
    />
  );
}

interface Choosing<T extends string> {
  label: string;
  value: T | undefined;
  options: { value: T; label: string }[];
  change: (value: T | undefined) => void;
}

function Choice<T extends string>({ label, value, options, change }: Choosing<T>): ReactNode {
  return (
    <Select<T>
      allowClear
      aria-label={label}
      placeholder={label}
      style={{ width: 120 }}
      {...(value && { value })}
      options={options}
      onChange={(chosen: T | undefined) => change(chosen)}
    />
  );
}

function Time({ filters: { since, until }, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const day = dayjs().startOf("day");
  const back = (days: number): [dayjs.Dayjs, dayjs.Dayjs] => [day.subtract(days, "day"), day.add(1, "day")];
  return (
    <DatePicker.RangePicker
      showTime={{ format: "HH:mm" }}
      format="YYYY-MM-DD HH:mm"
      style={{ width: 310 }}
      presets={[
        { label: t("calls.period.today"), value: back(0) },
        { label: t("calls.period.week"), value: back(6) },
        { label: t("calls.period.month"), value: back(29) },
      ]}
      value={[since ? dayjs(since) : null, until ? dayjs(until) : null]}
      onChange={(range) => onChange({ since: range?.[0]?.toISOString(), until: range?.[1]?.toISOString() })}
    />
  );
}
