import { Form, Input, Segmented } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useSavePrompt, type Prompt, type PromptValues } from "./data";
import { FileField } from "./FileField";
import { Recorder } from "./Recorder";
import { TextFields } from "./TextFields";

type Kind = "text" | "upload" | "record";

interface Shown {
  /** null: a new one. */
  seen: Prompt | null;
  close: () => void;
}

export function PromptDrawer({ seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSavePrompt(seen);
  const kinds: Kind[] = seen?.kind === "upload" ? ["upload", "record"] : ["text", "upload", "record"];
  const [kind, setKind] = useState<Kind>(seen?.kind ?? "text");
  const initial: PromptValues = seen
    ? { name: seen.name, text: seen.text ?? "", voice: seen.voice, speed: seen.speed }
    : { name: "", text: "", voice: null, speed: 1 };
  return (
    <FormDrawer<PromptValues>
      title={seen ? t("prompts.edit") : t("prompts.add")}
      initial={initial}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t("prompts.name")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={100} placeholder={t("prompts.namePlaceholder")} autoFocus />
      </Form.Item>
      {seen?.kind !== "text" && (
        <Form.Item label={seen ? t("prompts.replace") : t("prompts.kindTitle")}>
          <Segmented
            value={kind}
            options={kinds.map((value) => ({ value, label: t(`prompts.kind.${value}`) }))}
            onChange={setKind}
          />
        </Form.Item>
      )}
      {kind === "text" ? <TextFields /> : <Sound key={kind} kind={kind} isNeeded={seen === null} />}
    </FormDrawer>
  );
}

/** A sound from a file or the microphone. */
function Sound({ kind, isNeeded }: { kind: "upload" | "record"; isNeeded: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="file"
      preserve={false}
      label={t(`prompts.kind.${kind}`)}
      rules={[
        { required: isNeeded, message: kind === "upload" ? t("prompts.needFile") : t("prompts.needRecording") },
      ]}
      extra={isNeeded ? undefined : t("prompts.keepOld")}
    >
      {kind === "upload" ? <FileField /> : <Recorder />}
    </Form.Item>
  );
}
