import { Flex, Form, Input, Radio, Typography } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useDispositions } from "../phone/data";
import { useKeepNote } from "./data";

/** Milliseconds without a key before what was typed is kept. */
const REST = 800;

interface Said {
  note: string;
  disposition_id: string | null;
}

/** What the agent says about a call; kept by itself, so that nothing is lost when the time runs out. */
export function NoteForm({ callId, before }: { callId: string; before: Said }): ReactNode {
  const { t } = useTranslation();
  const dispositions = useDispositions().data ?? [];
  const [said, setSaid] = useState<Said>({ note: before.note, disposition_id: before.disposition_id });
  const keep = useKeepNote(callId);
  const say = useKeptLater(keep.mutate);
  const change = (part: Partial<Said>): void => {
    const now = { ...said, ...part };
    setSaid(now);
    say(now);
  };
  return (
    <Form layout="vertical">
      <Form.Item label={t("desk.disposition")} style={{ marginBottom: 12 }}>
        {dispositions.length === 0 ? (
          <Typography.Text type="secondary">{t("desk.noDispositions")}</Typography.Text>
        ) : (
          <Radio.Group
            optionType="button"
            value={said.disposition_id}
            options={dispositions.map((one) => ({ value: one.id, label: one.name }))}
            onChange={(event) => change({ disposition_id: event.target.value as string })}
          />
        )}
      </Form.Item>
      <Form.Item label={t("desk.note")} htmlFor="call-note" style={{ marginBottom: 4 }}>
        <Input.TextArea
          id="call-note"
          rows={4}
          maxLength={4000}
          placeholder={t("desk.notePlaceholder")}
          value={said.note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </Form.Item>
      <Flex justify="end" style={{ minHeight: 22 }}>
        <Typography.Text type="secondary" aria-live="polite">
          {keep.isPending && t("desk.noteSaving")}
          {keep.isSuccess && t("desk.noteKept")}
        </Typography.Text>
      </Flex>
    </Form>
  );
}

/** Calls `keep` with the latest value once nothing has changed for a while, or on leaving. */
function useKeptLater(keep: (said: Said) => void): (said: Said) => void {
  const waiting = useRef<{ timer: number; said: Said } | null>(null);
  const latest = useRef(keep);
  useEffect(() => {
    latest.current = keep;
  }, [keep]);
  useEffect(
    () => () => {
      if (waiting.current) {
        window.clearTimeout(waiting.current.timer);
        latest.current(waiting.current.said);
        waiting.current = null;
      }
    },
    [],
  );
  return (said) => {
    window.clearTimeout(waiting.current?.timer);
    const timer = window.setTimeout(() => {
      waiting.current = null;
      latest.current(said);
    }, REST);
    waiting.current = { timer, said };
  };
}
