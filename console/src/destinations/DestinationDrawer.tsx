import { Divider, Form, Input, InputNumber, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useSaveDestination, type Destination, type DestinationValues } from "./data";

const NEW: DestinationValues = {
  number: "",
  label: "",
  ring_timeout: 25,
  concurrent_cap: null,
  monthly_cap_minutes: null,
};

interface Shown {
  /** null: a new one. */
  seen: Destination | null;
  close: () => void;
}

export function DestinationDrawer({ seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveDestination(seen);
  const hasSwitch = seen?.status === "approved" || seen?.status === "disabled";
  return (
    <FormDrawer<DestinationValues>
      title={seen ? t("destinations.edit") : t("destinations.add")}
      initial={seen ? { ...seen, enabled: seen.status !== "disabled" } : NEW}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="number"
        label={t("destinations.number")}
        rules={[{ required: true, message: t("app.required") }]}
        extra={seen ? t("destinations.numberChanged") : t("destinations.numberHelp")}
      >
        <Input inputMode="tel" autoFocus />
      </Form.Item>
      <Form.Item name="label" label={t("destinations.label")}>
        <Input maxLength={64} placeholder={t("destinations.labelPlaceholder")} />
      </Form.Item>
      <Form.Item name="ring_timeout" label={t("destinations.ring")} extra={t("destinations.ringHelp")}>
        <InputNumber min={5} max={120} suffix={t("app.seconds")} style={{ width: 160 }} />
      </Form.Item>
      {hasSwitch && (
        <Form.Item
          name="enabled"
          label={t("destinations.enabled")}
          valuePropName="checked"
          extra={t("destinations.enabledHelp")}
        >
          <Switch />
        </Form.Item>
      )}
      <Divider titlePlacement="start" plain>
        {t("destinations.limits")}
      </Divider>
      <Form.Item name="concurrent_cap" label={t("destinations.concurrent")} extra={t("destinations.concurrentHelp")}>
        <InputNumber min={1} max={1000} placeholder={t("destinations.unlimited")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="monthly_cap_minutes" label={t("destinations.monthly")} extra={t("destinations.monthlyHelp")}>
        <InputNumber
          min={1}
          max={1_000_000}
          suffix={t("app.minutes")}
          placeholder={t("destinations.unlimited")}
          style={{ width: 160 }}
        />
      </Form.Item>
    </FormDrawer>
  );
}
