import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import type { TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { wordsOf, type Pages } from "./data";
import { csvOf, saveFile, wholeOf, wordsIn } from "./exporting";

const MOST_ROWS = 20_000;
/** Rows that are drawn, unseen, to be read at once. */
const AT_ONCE = 100;

type Step<T> = { at: "idle" } | { at: "fetching"; count: number } | { at: "reading"; rows: T[] };
type Column<T> = TableColumnsType<T>[number];

interface Shown<T> {
  name: string;
  pages: Pages<T>;
  /** Those that are shown and have a title. */
  columns: readonly Column<T>[];
}

/** Saves the whole list, as it is filtered and with the columns that are shown. */
export function ExportButton<T extends object>({ name, pages, columns }: Shown<T>): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [step, setStep] = useState<Step<T>>({ at: "idle" });
  const start = async (): Promise<void> => {
    setStep({ at: "fetching", count: 0 });
    try {
      const rows = await pages.everything(MOST_ROWS, (count) => setStep({ at: "fetching", count }));
      if (rows === null) {
        void message.warning(t("kit.export.tooMany", { count: MOST_ROWS }));
      }
      setStep(rows === null ? { at: "idle" } : { at: "reading", rows });
    } catch (error) {
      void message.error(wordsOf(error as Error, t("app.failed")));
      setStep({ at: "idle" });
    }
  };
  const save = (texts: string[][]): void => {
    const titles = columns.map((column) => column.title as string);
    saveFile(`${name}-${dayjs().format("YYYYMMDD-HHmm")}.csv`, new Blob([csvOf([titles, ...texts])], { type: "text/csv;charset=utf-8" }));
    void message.success(t("kit.export.done", { count: texts.length }));
    setStep({ at: "idle" });
  };
  const isBusy = step.at !== "idle";
  return (
    <>
      <Button
        icon={<DownloadOutlined />}
        loading={isBusy}
        aria-label={t("kit.export.start")}
        title={t("kit.export.start")}
        onClick={() => void start()}
      >
        {step.at === "fetching" && step.count > 0 && t("kit.export.working", { count: step.count })}
      </Button>
      {step.at === "reading" && <Reading rows={step.rows} columns={columns} read={save} />}
    </>
  );
}

interface ReadingShown<T> {
  rows: readonly T[];
  columns: readonly Column<T>[];
  read: (texts: string[][]) => void;
}

/** Draws the rows, unseen and a part at a time, to read off them what the page would show. */
function Reading<T extends object>({ rows, columns, read }: ReadingShown<T>): ReactNode {
  const { t } = useTranslation();
  const [texts, setTexts] = useState<string[][]>([]);
  const textOf = (row: T | undefined, column: Column<T> | undefined, words: string): string => {
    const value = row && column ? valueOf(row, column) : null;
    if (words === "" && typeof value === "boolean") {
      return value ? t("app.yes") : t("app.no");
    }
    return wholeOf(value) ?? words;
  };
  const drawn = useRef<HTMLDivElement>(null);
  const part = rows.slice(texts.length, texts.length + AT_ONCE);
  useEffect(() => {
    // Later: the browser may show how far it is.
    const timer = window.setTimeout(() => {
      const found = [...(drawn.current?.children ?? [])].map((row) => [...row.children].map(wordsIn));
      const all = [...texts, ...found];
      if (all.length >= rows.length) {
        read(all.map((line, place) => line.map((words, column) => textOf(rows[place], columns[column], words))));
      } else {
        setTexts(all);
      }
    });
    return () => window.clearTimeout(timer);
  });
  return (
    <div ref={drawn} hidden>
      {part.map((row, place) => (
        <div key={texts.length + place}>
          {columns.map((column, at) => (
            <div key={at}>{cellOf(row, column, texts.length + place)}</div>
          ))}
        </div>
      ))}
    </div>
  );
}

function valueOf<T extends object>(row: T, column: Column<T>): unknown {
  const field = "dataIndex" in column ? column.dataIndex : undefined;
  return typeof field === "string" && field in row ? row[field as keyof T] : undefined;
}

function cellOf<T extends object>(row: T, column: Column<T>, place: number): ReactNode {
  const value = valueOf(row, column);
  return (column.render ? column.render(value, row, place) : value) as ReactNode;
}
