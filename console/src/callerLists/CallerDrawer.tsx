import { Form, Input, Segmented } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { QueuePicker } from "../kit/pickers";
import { UntilPicker } from "../kit/Until";
import { useSaveCaller, type Caller, type NewCaller } from "./data";

const NEW: NewCaller = { number: "", note: "", extension: null, queue_id: null, until: null };
const WAYS = ["nowhere", "extension", "queue"] as const;
type Way = (typeof WAYS)[number];

function wayOf(seen: Caller | null): Way {
  if (seen?.extension) {
    return "extension";
  }
  return seen?.queue_id ? "queue" : "nowhere";
}

interface Shown {
  listId: string;
  /** null: a new one. */
  seen: Caller | null;
  close: () => void;
}

export function CallerDrawer({ listId, seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveCaller(listId);
  const [way, setWay] = useState(wayOf(seen));
  return (
    <FormDrawer<NewCaller>
      title={seen ? t("callerLists.callers.edit") : t("callerLists.callers.add")}
      size={480}
      initial={seen ?? NEW}
      save={({ number, note, until, extension, queue_id }) =>
        save.mutateAsync({
          number,
          note,
          until: until ?? null,
          extension: way === "extension" ? extension : null,
          queue_id: way === "queue" ? queue_id : null,
        })
      }
      close={close}
    >
      <Form.Item
        name="number"
        label={t("callerLists.callers.number")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
        extra={seen ? t("callerLists.callers.fixed") : t("callerLists.callers.numberHelp")}
      >
        <Input inputMode="tel" disabled={seen !== null} autoFocus={seen === null} />
      </Form.Item>
      <Form.Item name="note" label={t("callerLists.callers.note")}>
        <Input maxLength={200} placeholder={t("callerLists.callers.notePlaceholder")} />
      </Form.Item>
      <Form.Item label={t("callerLists.callers.direct")}>
        <Segmented
          value={way}
          options={WAYS.map((value) => ({ value, label: t(`callerLists.callers.${value}`) }))}
          onChange={setWay}
        />
      </Form.Item>
      {way === "extension" && (
        <Form.Item
          name="extension"
          label={t("callerLists.callers.extension")}
          rules={[{ required: true, message: t("app.required") }]}
          extra={t("callerLists.callers.extensionHelp")}
        >
          <Input inputMode="numeric" maxLength={8} />
        </Form.Item>
      )}
      {way === "queue" && (
        <Form.Item
          name="queue_id"
          label={t("callerLists.callers.queue")}
          rules={[{ required: true, message: t("app.required") }]}
        >
          <QueuePicker />
        </Form.Item>
      )}
      <Form.Item name="until" label={t("callerLists.callers.until")} extra={t("callerLists.callers.untilHelp")}>
        <UntilPicker />
      </Form.Item>
    </FormDrawer>
  );
}
