import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Card, Flex, Form, Input, InputNumber, Select, Switch, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { GroupPicker, QueuePicker, VoicemailBoxPicker } from "../kit/pickers";
import { PromptPicker } from "../kit/PromptPicker";
import type { Settings } from "./settings";

const KEYS = [..."1234567890*#"];
const TARGETS = ["group", "queue", "voicemail"] as const;
const PICKERS = { group: GroupPicker, queue: QueuePicker, voicemail: VoicemailBoxPicker } as const;

type Key = NonNullable<NonNullable<Settings["menu"]>["keys"]>[number];

/** Keys that callers may press, and where each leads. */
export function MenuField(): ReactNode {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Settings>();
  const hasMenu = Form.useWatch<boolean | undefined>("has_menu", form);
  return (
    <>
      <Form.Item name="has_menu" valuePropName="checked" label={t("hotlines.menu.switch")} extra={t("hotlines.menu.switchHelp")}>
        <Switch />
      </Form.Item>
      {hasMenu && <Menu />}
    </>
  );
}

function Menu(): ReactNode {
  const { t } = useTranslation();
  return (
    <Card size="small" style={{ maxWidth: 820, marginBottom: 16 }}>
      <Flex gap={24} wrap>
        <Form.Item name={["menu", "prompt_id"]} label={t("hotlines.menu.prompt")} extra={t("hotlines.menu.promptHelp")} style={{ flex: "1 1 320px" }}>
          <PromptPicker placeholder={t("hotlines.menu.byGreeting")} />
        </Form.Item>
        <Form.Item name={["menu", "timeout"]} label={t("hotlines.menu.timeout")}>
          <InputNumber min={1} max={60} />
        </Form.Item>
        <Form.Item name={["menu", "tries"]} label={t("hotlines.menu.tries")}>
          <InputNumber min={1} max={10} />
        </Form.Item>
      </Flex>
      <Form.List
        name={["menu", "keys"]}
        rules={[{ validator: (_, keys?: Key[]) => (keys?.length ? Promise.resolve() : Promise.reject(new Error(t("hotlines.menu.noKey")))) }]}
      >
        {(keys, { add, remove }, { errors }) => (
          <Flex vertical gap={8}>
            {keys.map((key) => (
              <One key={key.key} place={key.name} remove={() => remove(key.name)} />
            ))}
            <Form.ErrorList errors={errors} />
            <Add count={keys.length} add={add} />
          </Flex>
        )}
      </Form.List>
      <Alert type="info" showIcon style={{ marginTop: 12 }} title={t("hotlines.menu.otherwise")} />
    </Card>
  );
}

function Add({ count, add }: { count: number; add: (key: Partial<Key>) => void }): ReactNode {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Settings>();
  const next = (): string | undefined => {
    const taken = (form.getFieldValue(["menu", "keys"]) as Key[] | undefined)?.map((one) => one?.key) ?? [];
    return KEYS.find((key) => !taken.includes(key));
  };
  return (
    <Button
      icon={<PlusOutlined />}
      disabled={count >= KEYS.length}
      style={{ alignSelf: "start" }}
      onClick={() => add({ key: next() ?? "", to: "queue", label: "" })}
    >
      {t("hotlines.menu.add")}
    </Button>
  );
}

function One({ place, remove }: { place: number; remove: () => void }): ReactNode {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Settings>();
  const path = ["menu", "keys", place];
  const key = Form.useWatch<string | undefined>([...path, "key"], form) ?? "";
  const to = Form.useWatch<Key["to"] | undefined>([...path, "to"], form) ?? "queue";
  const Picker = PICKERS[to];
  const once = {
    validator: (_: unknown, chosen: string) => {
      const all = form.getFieldValue(["menu", "keys"]) as Key[];
      const isTwice = all.filter((one) => one?.key === chosen).length > 1;
      return isTwice ? Promise.reject(new Error(t("hotlines.menu.twice"))) : Promise.resolve();
    },
  };
  const line = { style: { marginBottom: 0 } } as const;
  return (
    <Flex gap={8} align="start" role="group" aria-label={t("hotlines.menu.key", { key })}>
      <Typography.Text style={{ lineHeight: "32px" }}>{t("hotlines.menu.press")}</Typography.Text>
      <Form.Item name={[place, "key"]} rules={[once]} {...line}>
        <Select aria-label={t("hotlines.menu.keyLabel")} style={{ width: 64 }} options={KEYS.map((one) => ({ value: one, label: one }))} />
      </Form.Item>
      <Form.Item name={[place, "to"]} {...line}>
        <Select
          aria-label={t("hotlines.menu.to")}
          style={{ width: 130 }}
          options={TARGETS.map((one) => ({ value: one, label: t(`hotlines.menu.target.${one}`) }))}
          onChange={() => form.setFieldValue(["menu", "keys", place, "id"], null)}
        />
      </Form.Item>
      <Form.Item name={[place, "id"]} rules={[{ required: true, message: t("app.required") }]} style={{ flex: 1, marginBottom: 0 }}>
        <Picker aria-label={t(`hotlines.menu.target.${to}`)} allowClear={false} />
      </Form.Item>
      <Form.Item name={[place, "label"]} {...line}>
        <Input aria-label={t("hotlines.menu.label")} placeholder={t("hotlines.menu.label")} maxLength={64} style={{ width: 150 }} />
      </Form.Item>
      <Button type="text" icon={<DeleteOutlined />} aria-label={t("hotlines.menu.remove", { key })} onClick={remove} />
    </Flex>
  );
}
