import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import dayjs from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { problemOf } from "../api/problem";
import { wordsOf } from "./data";
import { saveFile } from "./exporting";

interface Shown {
  path: string;
  query: Readonly<Record<string, string>>;
  /** The file's name; the day is put behind it. */
  name: string;
  children: ReactNode;
}

/** Saves a file that the server writes. A refusal is told: a bare link would only fail. */
export function DownloadButton({ path, query, name, children }: Shown): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const answer = await fetch(addressOf(path, query), { headers: { "Accept-Language": document.documentElement.lang } });
      if (!answer.ok) {
        throw await problemOf(answer);
      }
      saveFile(`${name}-${dayjs().format("YYYYMMDD-HHmm")}.csv`, await answer.blob());
    } catch (error) {
      void message.error(error instanceof Error ? wordsOf(error, t("app.failed")) : t("app.failed"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={<DownloadOutlined />} loading={isBusy} onClick={() => void save()}>
      {children}
    </Button>
  );
}
