import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../api/problem";
import { wordsOf } from "../kit/data";
import { publishFlow, readFlow, rollBack, saveFlow, useForgetFlows, type Flow } from "./data";
import { draftOf, graphOf, type Graph } from "./graph";

export interface Saving {
  readonly isDirty: boolean;
  readonly busy: boolean;
  readonly published: number | null;
  /** True once the server has what is shown. */
  readonly save: () => Promise<boolean>;
  readonly publish: (note: string) => Promise<boolean>;
  readonly rollBack: (version: number) => Promise<boolean>;
  /** Somebody else has saved since; null: nobody has. */
  readonly conflict: Conflict | null;
}

export interface Conflict {
  readonly mine: () => Promise<boolean>;
  readonly theirs: () => Promise<void>;
  readonly later: () => void;
}

interface Kept {
  readonly flow: Flow;
  /** What of the editor the server has. */
  readonly graph: Graph;
}

/** Keeps the draft on the server; `replace` shows another one in the editor. */
export function useSaving(flow: Flow, first: Graph, graph: Graph, name: string, replace: (graph: Graph, name: string) => void): Saving {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const forget = useForgetFlows();
  const [kept, setKept] = useState<Kept>({ flow, graph: first });
  const [busy, setBusy] = useState(false);
  const [isStale, setStale] = useState(false);
  const isDirty = graph !== kept.graph || name !== kept.flow.name;

  /** Does it, and says what was refused. */
  const doing = async <T>(work: () => Promise<T>): Promise<T | null> => {
    setBusy(true);
    try {
      const answer = await work();
      void forget();
      return answer;
    } catch (error) {
      if (error instanceof Problem && error.status === 412) {
        setStale(true);
      } else {
        void message.error(wordsOf(error as Error, t("app.failed")));
      }
      return null;
    } finally {
      setBusy(false);
    }
  };
  const saveOver = async (version: string): Promise<Flow | null> => {
    const saved = await doing(() => saveFlow(flow.id, version, { name, draft: draftOf(graph) }));
    if (saved) {
      setKept({ flow: saved, graph });
    }
    return saved;
  };
  const current = (): Promise<Flow | null> => (isDirty ? saveOver(kept.flow.version) : Promise.resolve(kept.flow));
  const pointing = async (point: (version: string) => Promise<Flow>): Promise<boolean> => {
    const base = await current();
    const pointed = base && (await doing(() => point(base.version)));
    if (pointed) {
      setKept((before) => ({ ...before, flow: pointed }));
    }
    return pointed !== null;
  };
  const conflict: Conflict = {
    mine: async () => {
      setStale(false);
      const theirs = await doing(() => readFlow(flow.id));
      return theirs !== null && (await saveOver(theirs.version)) !== null;
    },
    theirs: async () => {
      setStale(false);
      const theirs = await doing(() => readFlow(flow.id));
      if (theirs) {
        const shown = graphOf(theirs.draft);
        setKept({ flow: theirs, graph: shown });
        replace(shown, theirs.name);
      }
    },
    later: () => setStale(false),
  };
  return {
    isDirty,
    busy,
    published: kept.flow.published_version,
    save: async () => (await current()) !== null,
    publish: (note) => pointing((version) => publishFlow(flow.id, version, note)),
    rollBack: async (version) => {
      // The draft is not touched, nor what of it is not saved yet.
      const pointed = await doing(() => rollBack(flow.id, kept.flow.version, version));
      if (pointed) {
        setKept((before) => ({ ...before, flow: { ...pointed, name: before.flow.name } }));
      }
      return pointed !== null;
    },
    conflict: isStale ? conflict : null,
  };
}
