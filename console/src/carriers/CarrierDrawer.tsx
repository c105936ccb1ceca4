import { Divider, Flex, Form, Input, InputNumber, Segmented, Select, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { KINDS, TRANSPORTS, useSaveCarrier, type Carrier, type CarrierValues } from "./data";

const NEW: Partial<CarrierValues> = {
  name: "",
  title: "",
  kind: "address",
  port: 5060,
  transport: "udp",
  username: null,
  match_addresses: [],
  from_user: null,
  area_code: null,
  position: null,
  enabled: true,
};

interface Shown {
  /** null: a new one. */
  seen: Carrier | null;
  close: () => void;
}

export function CarrierDrawer({ seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveCarrier(seen);
  const required = [{ required: true, whitespace: true, message: t("app.required") }];
  return (
    <FormDrawer<CarrierValues>
      title={seen ? t("carriers.edit") : t("carriers.add")}
      initial={seen ?? NEW}
      save={(values) => save.mutateAsync(values)}
      close={close}
      size={600}
    >
      <Form.Item name="title" label={t("carriers.label")}>
        <Input maxLength={100} placeholder={t("carriers.labelPlaceholder")} autoFocus={seen === null} />
      </Form.Item>
      <Form.Item name="name" label={t("carriers.name")} rules={required} {...(!seen && { extra: t("carriers.nameHelp") })}>
        <Input maxLength={31} disabled={seen !== null} spellCheck={false} placeholder="unicom-bj" />
      </Form.Item>
      <Flex gap={12}>
        <Form.Item
          name="host"
          label={t("carriers.host")}
          extra={t("carriers.hostHelp")}
          rules={required}
          style={{ flex: 1 }}
        >
          <Input maxLength={253} spellCheck={false} />
        </Form.Item>
        <Form.Item name="port" label={t("carriers.port")} rules={[{ required: true, message: t("app.required") }]}>
          <InputNumber min={1} max={65535} style={{ width: 100 }} />
        </Form.Item>
        <Form.Item name="transport" label={t("carriers.transport")}>
          <Segmented options={TRANSPORTS.map((value) => ({ value, label: value.toUpperCase() }))} />
        </Form.Item>
      </Flex>
      <Account hasSecret={seen?.has_secret ?? false} />
      <Form.Item name="enabled" label={t("carriers.enabled")} extra={t("carriers.enabledHelp")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Divider titlePlacement="start" plain>
        {t("carriers.advanced")}
      </Divider>
      <Form.Item name="match_addresses" label={t("carriers.matches")} extra={t("carriers.matchesHelp")}>
        <Select mode="tags" tokenSeparators={[",", " ", "，"]} open={false} suffixIcon={null} />
      </Form.Item>
      <Form.Item name="from_user" label={t("carriers.from")} extra={t("carriers.fromHelp")}>
        <Input maxLength={253} spellCheck={false} />
      </Form.Item>
      <Form.Item name="area_code" label={t("carriers.area")} extra={t("carriers.areaHelp")}>
        <Input maxLength={4} inputMode="numeric" spellCheck={false} placeholder="010" style={{ width: 120 }} />
      </Form.Item>
      <Form.Item name="position" label={t("carriers.position")} extra={t("carriers.positionHelp")}>
        <InputNumber min={0} max={10_000} style={{ width: 120 }} />
      </Form.Item>
    </FormDrawer>
  );
}

/** How the carrier knows us; an address may ask for a password all the same. */
function Account({ hasSecret }: { hasSecret: boolean }): ReactNode {
  const { t } = useTranslation();
  const kind = Form.useWatch<Carrier["kind"] | undefined>("kind") ?? "address";
  return (
    <>
      <Form.Item name="kind" label={t("carriers.kindTitle")} extra={t(`carriers.kindHelp.${kind}`)}>
        <Segmented options={KINDS.map((value) => ({ value, label: t(`carriers.kind.${value}`) }))} />
      </Form.Item>
      <Flex gap={12}>
        <Form.Item name="username" label={t("carriers.username")} style={{ flex: 1 }}>
          <Input maxLength={253} autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name="secret" label={t("carriers.secret")} style={{ flex: 1 }}>
          <Input.Password
            maxLength={128}
            autoComplete="new-password"
            {...(hasSecret && { placeholder: t("carriers.secretKept") })}
          />
        </Form.Item>
      </Flex>
    </>
  );
}
