import { useTranslation } from "react-i18next";

import { changesOf, type Change } from "./changes";
import type { AuditEntry } from "./data";
import { useIdNames } from "./useIdNames";

interface AuditWords {
  /** What was done to what: 成员 · 修改. */
  readonly action: (entry: AuditEntry) => string;
  readonly field: (name: string) => string;
  /** A value with names in the place of ids. */
  readonly value: (text: string) => string;
  /** The first changes in a line. */
  readonly summary: (entry: AuditEntry) => string;
}

const SHOWN = 3;
/** One of the server's own words. */
const NAME = /^[a-z_]+$/;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What the audit's names are called; a name without words stands as it is. */
export function useAuditWords(): AuditWords {
  const { t } = useTranslation();
  const named = (part: string, name: string): string => t(`audit.${part}.${name}`, { defaultValue: name });
  const field = (name: string): string => named("fields", name);
  const names = useIdNames();
  const value = (text: string): string => {
    if (text === "true" || text === "false") {
      return text === "true" ? t("app.yes") : t("app.no");
    }
    if (NAME.test(text)) {
      return named("values", text);
    }
    return text.replace(ID, (id) => names.get(id) ?? id);
  };
  const told = ({ field: name, before, after }: Change): string =>
    before ? `${field(name)}：${value(before)} → ${value(after) || t("audit.nothing")}` : `${field(name)}：${value(after)}`;
  return {
    field,
    value,
    action: ({ action, object_type }) => {
      const verb = action.slice(action.lastIndexOf(".") + 1);
      return `${named("kind", object_type)} · ${named("verb", verb)}`;
    },
    summary: (entry) => {
      const changes = changesOf(entry.changes);
      const rest = changes.length > SHOWN ? ` … ${t("audit.more", { count: changes.length })}` : "";
      return changes.slice(0, SHOWN).map(told).join("；") + rest;
    },
  };
}
