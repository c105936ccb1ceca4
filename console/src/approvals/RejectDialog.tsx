import { Alert, Form, Input, Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { phone } from "../kit/format";
import { useSending } from "../kit/FormDrawer";
import { useReview, type Kind, type Registered } from "./data";

interface Values {
  note: string;
}

interface Shown {
  kind: Kind;
  number: Registered;
  close: () => void;
}

/** Says to the enterprise why its number cannot be used. */
export function RejectDialog({ kind, number, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const review = useReview(kind);
  const { busy, refused, send } = useSending(
    form,
    ({ note }) => review.mutateAsync({ of: number, decision: "rejected", note }),
    close,
  );
  return (
    <Modal
      open
      title={t("approvals.rejectThis", { number: phone(number.number) })}
      okText={t("approvals.reject")}
      okButtonProps={{ danger: true, loading: busy }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form<Values> form={form} layout="vertical" initialValues={{ note: "" }} onFinish={(values) => void send(values)}>
        {refused && <Alert type="error" showIcon title={refused} style={{ marginBottom: 16 }} />}
        <Form.Item
          name="note"
          label={t("approvals.why")}
          extra={t("approvals.whyHelp")}
          rules={[{ required: true, whitespace: true, message: t("app.required") }]}
        >
          <Input.TextArea rows={3} maxLength={500} placeholder={t("approvals.whyPlaceholder")} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
