/** Settings whose entries are ways of their own: regions, shares, tests. */
import { Cascader, Flex, Input, InputNumber, Select, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useRegions } from "../../kit/regions";
import { wordsFor } from "../shown";
import { EntriesField, entriesOf, freeExit, type Entry } from "./lists";

interface Shown {
  value: unknown;
  onChange: (entries: Entry[]) => void;
}

export function RulesField({ value, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const regions = (useRegions().data ?? []).map(({ name, cities }) => ({
    value: name,
    label: name,
    children: cities.map((city) => ({ value: city.name, label: city.name })),
  }));
  return (
    <EntriesField
      value={value}
      onChange={onChange}
      add={t("flows.addRule")}
      fresh={(entries) => ({ exit: freeExit(entries), provinces: [] })}
      name={(_, place) => t("flows.ruleNumber", { number: place + 1 })}
    >
      {(rule, put) => (
        <>
          <Cascader
            multiple
            showSearch
            aria-label={t("flows.places")}
            placeholder={t("flows.places")}
            showCheckedStrategy={Cascader.SHOW_PARENT}
            options={regions}
            displayRender={(labels) => labels.at(-1)}
            value={[...textsOf(rule["provinces"]).map((name) => [name]), ...citiesOf(rule["cities"])]}
            onChange={(paths) => {
              const chosen = paths as unknown as string[][];
              const provinces = chosen.filter((path) => path.length === 1).map(([name]) => name);
              put({ provinces, cities: chosen.filter((path) => path.length === 2) });
            }}
          />
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            tokenSeparators={[",", "，", "、", " "]}
            aria-label={t("flows.areaCodes")}
            placeholder={t("flows.areaCodes")}
            value={textsOf(rule["area_codes"])}
            onChange={(codes: string[]) => put({ area_codes: codes })}
          />
        </>
      )}
    </EntriesField>
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function citiesOf(value: unknown): string[][] {
  return Array.isArray(value) ? value.filter(Array.isArray).map((city) => city.map(String)) : [];
}

export function SharesField({ value, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const sum = entriesOf(value).reduce((whole, share) => whole + Number(share["percent"] ?? 0), 0);
  return (
    <Flex vertical gap={6}>
      <EntriesField
        value={value}
        onChange={onChange}
        add={t("flows.addShare")}
        fresh={(entries) => ({ exit: freeExit(entries), percent: Math.max(1, 100 - sum) })}
        name={(_, place) => t("flows.shareNumber", { number: place + 1 })}
      >
        {(share, put) => (
          <InputNumber
            min={1}
            max={100}
            suffix="%"
            style={{ width: "100%" }}
            aria-label={t("flows.setting.shares")}
            value={Number(share["percent"] ?? 0)}
            onChange={(percent) => put({ percent: percent ?? 1 })}
          />
        )}
      </EntriesField>
      {sum !== 100 && <Typography.Text type="danger">{t("flows.sumOf", { sum })}</Typography.Text>}
    </Flex>
  );
}

const WITHOUT_VALUE = ["empty", "filled"];
const COMPARISONS = ["equal", "different", "less", "greater", "contains", "starts_with", "empty", "filled"];
/** What every call has. */
const GIVEN = ["caller", "province", "city", "area_code", "hotline", "date", "time", "weekday"];

export function TestsField({ value, onChange }: Shown): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <EntriesField
      value={value}
      onChange={onChange}
      add={t("flows.addTest")}
      fresh={() => ({ variable: "caller", is: "equal", value: "" })}
      name={(_, place) => t("flows.testNumber", { number: place + 1 })}
    >
      {(test, put) => (
        <>
          <Flex gap={6}>
            <Input
              aria-label={t("flows.variable")}
              placeholder={t("flows.variable")}
              list="flow-given-variables"
              value={String(test["variable"] ?? "")}
              onChange={(event) => put({ variable: event.target.value })}
            />
            <datalist id="flow-given-variables">
              {GIVEN.map((name) => (
                <option key={name} value={name}>
                  {wordsFor(i18n, `flows.given.${name}`, name)}
                </option>
              ))}
            </datalist>
            <Select
              aria-label={t("flows.comparison")}
              style={{ minWidth: 104 }}
              value={String(test["is"] ?? "equal")}
              options={COMPARISONS.map((is) => ({ value: is, label: wordsFor(i18n, `flows.choice.is_${is}`, is) }))}
              onChange={(is) => put(WITHOUT_VALUE.includes(is) ? { is, value: "" } : { is })}
            />
          </Flex>
          {!WITHOUT_VALUE.includes(String(test["is"])) && (
            <Input
              aria-label={t("flows.compared")}
              placeholder={t("flows.compared")}
              value={String(test["value"] ?? "")}
              onChange={(event) => put({ value: event.target.value })}
            />
          )}
        </>
      )}
    </EntriesField>
  );
}
