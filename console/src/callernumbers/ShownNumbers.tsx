import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Form, Input, Switch, Tag, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { instant, phone } from "../kit/format";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import {
  useCallerNumbers,
  useChangeNumber,
  useRegister,
  useRemoveNumber,
  type CallerNumber,
  type NumberValues,
} from "./data";

const COLOURS: Readonly<Record<CallerNumber["status"], string>> = {
  pending: "orange",
  approved: "green",
  rejected: "red",
  disabled: "default",
};

/** Numbers to be shown, with what the platform said of them. */
export function ShownNumbers(): ReactNode {
  const { t } = useTranslation();
  const remove = useRemoveNumber(t("app.removed"));
  const [isAdding, setAdding] = useState(false);
  const [edited, setEdited] = useState<CallerNumber | null>(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("callernumbers.add")}
    </Button>
  );
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">{t("callernumbers.shownHint")}</Typography.Text>
      <ResourceTable<CallerNumber>
        name="caller-numbers"
        pages={useCallerNumbers()}
        rowKey={(number) => number.id}
        open={setEdited}
        filters={add}
        empty={t("callernumbers.empty")}
        columns={[
          {
            title: t("callernumbers.number"),
            dataIndex: "number",
            width: 170,
            render: (number: string) => phone(number),
          },
          { title: t("callernumbers.label"), dataIndex: "label" },
          {
            title: t("callernumbers.statusTitle"),
            dataIndex: "status",
            width: 110,
            render: (status: CallerNumber["status"]) => (
              <Tag color={COLOURS[status]}>{t(`callernumbers.status.${status}`)}</Tag>
            ),
          },
          { title: t("callernumbers.reviewNote"), dataIndex: "review_note", ellipsis: true },
          {
            title: t("callernumbers.registeredAt"),
            dataIndex: "created_at",
            width: 180,
            render: (at: string) => instant(at),
          },
          {
            key: "actions",
            width: 60,
            render: (_, one) => <RemoveButton what={phone(one.number)} remove={() => remove.mutateAsync(one.id)} />,
          },
        ]}
      />
      {isAdding && <Register close={() => setAdding(false)} />}
      {edited && <Change number={edited} close={() => setEdited(null)} />}
    </Flex>
  );
}

function Register({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const register = useRegister(t("app.saved"));
  return (
    <FormDrawer<NumberValues>
      title={t("callernumbers.add")}
      size={420}
      initial={{ label: "" }}
      save={(values) => register.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="number"
        label={t("callernumbers.number")}
        rules={[{ required: true, message: t("app.required") }]}
      >
        <Input maxLength={40} inputMode="tel" placeholder={t("callernumbers.numberExample")} />
      </Form.Item>
      <Form.Item name="label" label={t("callernumbers.label")}>
        <Input maxLength={64} />
      </Form.Item>
    </FormDrawer>
  );
}

function Change({ number, close }: { number: CallerNumber; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const change = useChangeNumber(number, t("app.saved"));
  const isReviewed = number.status === "approved" || number.status === "disabled";
  return (
    <FormDrawer<{ label: string; enabled?: boolean }>
      title={`${t("callernumbers.edit")} ${phone(number.number)}`}
      size={420}
      initial={{ label: number.label, enabled: number.status === "approved" }}
      save={({ label, enabled }) =>
        // What is absent stays: a number that waits is neither on nor off.
        change.mutateAsync((isReviewed ? { label, enabled } : { label }) as { label: string; enabled: boolean })
      }
      close={close}
    >
      <Form.Item name="label" label={t("callernumbers.label")}>
        <Input maxLength={64} />
      </Form.Item>
      {isReviewed && (
        <Form.Item
          name="enabled"
          label={t("callernumbers.enabled")}
          extra={t("callernumbers.enabledHelp")}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      )}
    </FormDrawer>
  );
}
