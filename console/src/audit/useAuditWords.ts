import { useTranslation } from "react-i18next";

import { changesOf, type Change } from "./changes";
import type { AuditEntry } from "./data";

interface AuditWords {
  /** What was done to what: 成员 · 修改. */
  readonly action: (entry: AuditEntry) => string;
  readonly field: (name: string) => string;
  /** The first changes in a line. */
  readonly summary: (entry: AuditEntry) => string;
}

const SHOWN = 3;

/** What the audit's names are called; a name without words stands as it is. */
export function useAuditWords(): AuditWords {
  const { t } = useTranslation();
  const named = (part: string, name: string): string => t(`audit.${part}.${name}`, { defaultValue: name });
  const field = (name: string): string => named("fields", name);
  const told = ({ field: name, before, after }: Change): string =>
    before ? `${field(name)}：${before} → ${after || t("audit.nothing")}` : `${field(name)}：${after}`;
  return {
    field,
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
