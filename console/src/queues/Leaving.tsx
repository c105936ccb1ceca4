import { Divider, Flex, Form, Select, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAllDestinations } from "../kit/choices";
import { phone } from "../kit/format";
import { GroupPicker, QueuePicker, VoicemailBoxPicker } from "../kit/pickers";
import type { OverflowTarget } from "./data";
import { Grid, KeyField, NumberField } from "./fields";
import { EXITS } from "./settings";

/** Which keys lead out of the queue, and where callers go whom it does not serve. */
export function Leaving({ queueId }: { queueId: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Divider titlePlacement="start">{t("queues.keys")}</Divider>
      <Grid>
        <KeyField name="key_voicemail" label={t("queues.keyVoicemail")} help={t("queues.keyVoicemailHelp")} />
        <KeyField name="key_leave" label={t("queues.keyLeave")} help={t("queues.keyHelp")} />
        <KeyField name="key_callback" label={t("queues.keyCallback")} help={t("queues.keyHelp")} />
        <NumberField name="callback_tries" label={t("queues.callbackTries")} min={1} max={10} />
        <NumberField name="callback_pause" label={t("queues.callbackPause")} min={10} max={86_400} />
      </Grid>
      <Divider titlePlacement="start">{t("queues.overflow")}</Divider>
      <Typography.Paragraph type="secondary">{t("queues.overflowHelp")}</Typography.Paragraph>
      <Grid>
        {EXITS.map((exit) => (
          <Form.Item key={exit} name={["overflow", exit]} label={t(`queues.exit.${exit}`)}>
            <OverflowField queueId={queueId} />
          </Form.Item>
        ))}
      </Grid>
    </>
  );
}

const KINDS = ["none", "queue", "group", "number", "voicemail", "hangup"] as const;

interface FieldShown {
  queueId: string;
  /** From the form's item. */
  id?: string;
  value?: OverflowTarget | null;
  onChange?: (value: OverflowTarget | null) => void;
}

/** Where to: what kind of goal, and which one. */
function OverflowField({ queueId, id, value, onChange }: FieldShown): ReactNode {
  const { t } = useTranslation();
  const kind = value?.kind ?? "none";
  const chosen = value?.id ?? null;
  const choose = (target: string | null): void => {
    if (kind !== "none") {
      onChange?.({ kind, id: target });
    }
  };
  return (
    <Flex vertical gap={6}>
      <Select<(typeof KINDS)[number]>
        {...(id ? { id } : {})}
        value={kind}
        options={KINDS.map((one) => ({ value: one, label: t(`queues.kind.${one}`) }))}
        onChange={(one) => onChange?.(one === "none" ? null : { kind: one })}
      />
      {kind === "queue" && (
        <QueuePicker aria-label={t("queues.kind.queue")} without={[queueId]} value={chosen} onChange={choose} />
      )}
      {kind === "group" && <GroupPicker aria-label={t("queues.kind.group")} value={chosen} onChange={choose} />}
      {kind === "voicemail" && (
        <VoicemailBoxPicker aria-label={t("queues.kind.voicemail")} value={chosen} onChange={choose} />
      )}
      {kind === "number" && (
        <NumberChoice value={value?.number ?? null} onChange={(number) => onChange?.({ kind: "number", number })} />
      )}
    </Flex>
  );
}

/** An approved destination, by its number. */
function NumberChoice({ value, onChange }: { value: string | null; onChange: (number: string) => void }): ReactNode {
  const { t } = useTranslation();
  const destinations = useAllDestinations().data ?? [];
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      aria-label={t("queues.kind.number")}
      value={value}
      options={destinations
        .filter((one) => one.status === "approved")
        .map((one) => ({ value: one.number, label: `${phone(one.number)} ${one.label}` }))}
      onChange={onChange}
    />
  );
}
