import { DatePicker, Input } from "antd";
import dayjs from "dayjs";
import { useCallback, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

/** Filters by their names; what is not set is absent. */
export type Filters<N extends string> = Partial<Record<N, string>>;
export type Changes<N extends string> = Partial<Record<N, string | null | undefined>>;

interface AddressFilters<N extends string> {
  filters: Filters<N>;
  set: (changes: Changes<N>) => void;
  clear: () => void;
}

/** Filters kept in the page's address, so that a link shows the same. */
export function useAddressFilters<N extends string>(names: readonly N[]): AddressFilters<N> {
  const [address, setAddress] = useSearchParams();
  const text = address.toString();
  const filters = useMemo(() => {
    const given = new URLSearchParams(text);
    return Object.fromEntries(names.flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : []))) as Filters<N>;
  }, [text, names]);
  const set = useCallback(
    (changes: Changes<N>) =>
      setAddress((before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries<string | null | undefined>(changes)) {
          if (value) {
            after.set(name, value);
          } else {
            after.delete(name);
          }
        }
        return after;
      }),
    [setAddress],
  );
  const clear = useCallback(() => setAddress({}), [setAddress]);
  return { filters, set, clear };
}

/** A time from one day to another, both included. */
export function DaysFilter({
  since,
  until,
  change,
}: {
  since?: string | undefined;
  until?: string | undefined;
  change: (days: { since: string | undefined; until: string | undefined }) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <DatePicker.RangePicker
      aria-label={t("kit.days")}
      style={{ width: 240 }}
      // The server leaves the end out: it is the midnight after the last day.
      value={[since ? dayjs(since) : null, until ? dayjs(until).subtract(1, "day") : null]}
      onChange={(range) =>
        change({
          since: range?.[0]?.startOf("day").toISOString(),
          until: range?.[1]?.startOf("day").add(1, "day").toISOString(),
        })
      }
    />
  );
}

/** The beginning of a number, looked for on Enter. */
export function NumberFilter({
  label,
  value,
  change,
}: {
  label: string;
  value: string | undefined;
  change: (number: string) => void;
}): ReactNode {
  return (
    <Input.Search
      key={value ?? ""}
      allowClear
      inputMode="tel"
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ""}
      style={{ width: 200 }}
      onSearch={(typed) => change(typed.replace(/[^\d+]/g, ""))}
    />
  );
}
