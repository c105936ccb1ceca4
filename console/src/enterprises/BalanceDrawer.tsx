import { Alert, Form, Input, InputNumber, Segmented } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { yuan } from "../kit/format";
import { FormDrawer } from "../kit/FormDrawer";
import { useAdjustBalance, type Adjustment, type Enterprise } from "./data";

/** Puts money into an enterprise's balance or takes it out; why is kept in the audit. */
export function BalanceDrawer({ enterprise, close }: { enterprise: Enterprise; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const adjust = useAdjustBalance(enterprise.id);
  const required = [{ required: true, message: t("app.required") }];
  return (
    <FormDrawer<Adjustment>
      title={t("enterprises.moneyOf", { name: enterprise.name })}
      initial={{ direction: "put", note: "" }}
      save={(values) => adjust.mutateAsync(values)}
      close={close}
      size={440}
    >
      <Alert
        type="info"
        title={t("enterprises.now", { balance: yuan(enterprise.balance) })}
        style={{ marginBottom: 16 }}
      />
      <Form.Item name="direction" label={t("enterprises.direction")}>
        <Segmented
          options={[
            { value: "put", label: t("enterprises.put") },
            { value: "take", label: t("enterprises.take") },
          ]}
        />
      </Form.Item>
      <Form.Item name="amount" label={t("enterprises.amount")} rules={required}>
        <InputNumber<string> stringMode min="0.01" max="9999999" precision={2} prefix="¥" style={{ width: 200 }} autoFocus />
      </Form.Item>
      <Form.Item
        name="note"
        label={t("enterprises.note")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={200} placeholder={t("enterprises.notePlaceholder")} />
      </Form.Item>
    </FormDrawer>
  );
}
