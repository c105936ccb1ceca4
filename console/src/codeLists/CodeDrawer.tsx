import { Button, Form, Input, Space } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { UntilPicker } from "../kit/Until";
import { randomCode, useAddCode, type NewCode } from "./data";

export function CodeDrawer({ listId, close }: { listId: string; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const add = useAddCode(listId);
  return (
    <FormDrawer<NewCode>
      title={t("codeLists.codes.add")}
      size={420}
      initial={{ code: "", label: "", until: null }}
      save={(values) => add.mutateAsync(values)}
      close={close}
    >
      {(form) => (
        <>
          <Form.Item label={t("codeLists.codes.code")} htmlFor="code" required extra={t("codeLists.codes.codeHelp")}>
            <Space.Compact style={{ width: "100%" }}>
              <Form.Item
                name="code"
                noStyle
                rules={[{ required: true, pattern: /^\d{4,6}$/, message: t("codeLists.codes.codeWrong") }]}
              >
                <Input inputMode="numeric" maxLength={6} autoComplete="off" autoFocus />
              </Form.Item>
              <Button onClick={() => form.setFieldValue("code", randomCode())}>{t("codeLists.codes.random")}</Button>
            </Space.Compact>
          </Form.Item>
          <Form.Item name="label" label={t("codeLists.codes.label")}>
            <Input maxLength={100} placeholder={t("codeLists.codes.labelPlaceholder")} />
          </Form.Item>
          <Form.Item name="until" label={t("codeLists.codes.until")} extra={t("codeLists.codes.untilHelp")}>
            <UntilPicker />
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}
