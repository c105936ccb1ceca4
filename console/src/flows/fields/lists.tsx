import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, theme } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isRecord } from "../graph";

export type Entry = Readonly<Record<string, unknown>>;

export function entriesOf(value: unknown): Entry[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** `way-3`: the first name of an exit that none of the entries has. */
export function freeExit(entries: readonly Entry[]): string {
  const taken = new Set(entries.map((entry) => entry["exit"]));
  for (let place = 1; ; place += 1) {
    if (!taken.has(`way-${place}`)) {
      return `way-${place}`;
    }
  }
}

interface Shown {
  value: unknown;
  onChange: (entries: Entry[]) => void;
  /** A new entry. */
  fresh: (entries: readonly Entry[]) => Entry;
  add: string;
  name: (entry: Entry, place: number) => string;
  children: (entry: Entry, put: (change: Entry) => void) => ReactNode;
}

/** Entries one below the other, each with a way to remove it, and one to add another. */
export function EntriesField({ value, onChange, fresh, add, name, children }: Shown): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const entries = entriesOf(value);
  return (
    <Flex vertical gap={8}>
      {entries.map((entry, place) => (
        <Flex
          vertical
          gap={6}
          key={typeof entry["exit"] === "string" ? entry["exit"] : place}
          role="group"
          aria-label={name(entry, place)}
          style={{ border: `1px solid ${token.colorBorderSecondary}`, borderRadius: token.borderRadius, padding: 8 }}
        >
          <Flex justify="space-between" align="center">
            <strong style={{ fontSize: 12 }}>{name(entry, place)}</strong>
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t("flows.removeEntry", { what: name(entry, place) })}
              onClick={() => onChange(entries.filter((_, at) => at !== place))}
            />
          </Flex>
          {children(entry, (change) => onChange(entries.map((one, at) => (at === place ? { ...one, ...change } : one))))}
        </Flex>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...entries, fresh(entries)])}>
        {add}
      </Button>
    </Flex>
  );
}
