import { Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useSaveCallerList, type CallerList, type ListValues } from "./data";

interface Shown {
  /** null: a new one. */
  seen: CallerList | null;
  saved?: (list: CallerList) => void;
  close: () => void;
}

export function ListDrawer({ seen, saved, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveCallerList(seen);
  return (
    <FormDrawer<ListValues>
      title={seen ? t("callerLists.edit") : t("callerLists.add")}
      size={420}
      initial={{ name: seen?.name ?? "" }}
      save={async (values) => {
        const list = await save.mutateAsync(values);
        saved?.(list);
      }}
      close={close}
    >
      <Form.Item
        name="name"
        label={t("callerLists.name")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={100} placeholder={t("callerLists.namePlaceholder")} autoFocus />
      </Form.Item>
    </FormDrawer>
  );
}
