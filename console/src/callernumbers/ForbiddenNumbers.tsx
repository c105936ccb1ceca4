import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Form, Input, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { instant, phone } from "../kit/format";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useAllow, useForbid, useForbidden, type Forbidden, type ForbiddenValues } from "./data";

/** Numbers that agents may not call. */
export function ForbiddenNumbers(): ReactNode {
  const { t } = useTranslation();
  const allow = useAllow(t("app.removed"));
  const forbid = useForbid(t("app.saved"));
  const [isAdding, setAdding] = useState(false);
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">{t("callernumbers.forbiddenHint")}</Typography.Text>
      <ResourceTable<Forbidden>
        name="forbidden-numbers"
        pages={useForbidden()}
        rowKey={(one) => one.id}
        filters={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t("callernumbers.forbid")}
          </Button>
        }
        empty={t("callernumbers.forbiddenEmpty")}
        columns={[
          {
            title: t("callernumbers.number"),
            dataIndex: "number",
            width: 200,
            render: (number: string) => phone(number),
          },
          { title: t("callernumbers.note"), dataIndex: "note" },
          {
            title: t("callernumbers.registeredAt"),
            dataIndex: "created_at",
            width: 180,
            render: (at: string) => instant(at),
          },
          {
            key: "actions",
            width: 60,
            render: (_, one) => <RemoveButton what={phone(one.number)} remove={() => allow.mutateAsync(one.id)} />,
          },
        ]}
      />
      {isAdding && (
        <FormDrawer<ForbiddenValues>
          title={t("callernumbers.forbid")}
          size={420}
          initial={{ note: "" }}
          save={(values) => forbid.mutateAsync(values)}
          close={() => setAdding(false)}
        >
          <Form.Item
            name="number"
            label={t("callernumbers.number")}
            rules={[{ required: true, message: t("app.required") }]}
          >
            <Input maxLength={20} inputMode="tel" />
          </Form.Item>
          <Form.Item name="note" label={t("callernumbers.note")}>
            <Input maxLength={200} />
          </Form.Item>
        </FormDrawer>
      )}
    </Flex>
  );
}
