import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Divider, Flex, Form, Input, InputNumber, Select, Switch } from "antd";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAllAgents } from "../kit/choices";
import { FormDrawer } from "../kit/FormDrawer";
import { DestinationPicker } from "../kit/pickers";
import { useSaveAgent, useShownNumbers, useUserChoices, type Agent, type AgentValues } from "./data";
import { SipAccount } from "./SipAccount";
import { rowsOfSkills, skillsOfRows, type SkillRow } from "./skills";

type Values = Omit<AgentValues, "skills"> & { skills: SkillRow[] };

const USUAL: Partial<Values> = {
  device: "browser",
  ring_timeout: 20,
  wrap_up_seconds: 15,
  wrap_up_extension: 60,
  misses_allowed: 3,
  enabled: true,
  confirm_by_key: false,
  skills: [],
};
const FIELDS = [
  "extension",
  "name",
  "user_id",
  "device",
  "destination_id",
  "confirm_by_key",
  "outbound_number",
  "ring_timeout",
  "wrap_up_seconds",
  "wrap_up_extension",
  "misses_allowed",
  "enabled",
] as const satisfies readonly (keyof AgentValues)[];

/** An agent: who it is, what rings, skills, times. */
export function AgentDrawer({ agent, close }: { agent: Agent | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveAgent(agent, t("app.saved"));
  const send = (values: Values): Promise<unknown> => {
    // What a chosen device hides keeps its value; what is emptied is nothing.
    const given = { ...agent, ...values };
    const body = Object.fromEntries(FIELDS.map((name) => [name, given[name] === "" ? null : (given[name] ?? null)]));
    return save.mutateAsync({
      ...body,
      confirm_by_key: given.confirm_by_key ?? false,
      skills: skillsOfRows(values.skills ?? []),
    } as AgentValues);
  };
  return (
    <FormDrawer<Values>
      title={agent ? t("agents.edit") : t("agents.add")}
      size={620}
      initial={agent ? { ...agent, skills: rowsOfSkills(agent.skills) } : USUAL}
      save={send}
      close={close}
    >
      <Person />
      <Devices agent={agent} />
      <Divider titlePlacement="start">{t("agents.skills")}</Divider>
      <Skills />
      <Divider titlePlacement="start">{t("agents.times")}</Divider>
      <Times />
    </FormDrawer>
  );
}

function Person(): ReactNode {
  const { t } = useTranslation();
  const users = useUserChoices();
  const needed = [{ required: true, message: t("app.required") }];
  return (
    <>
      <Flex gap={16}>
        <Form.Item name="extension" label={t("agents.extension")} rules={needed} style={{ width: 130 }}>
          <Input maxLength={8} inputMode="numeric" />
        </Form.Item>
        <Form.Item name="name" label={t("agents.name")} rules={needed} style={{ flex: 1 }}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="enabled" label={t("agents.enabled")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Flex>
      <Form.Item name="user_id" label={t("agents.user")} extra={t("agents.userHelp")}>
        <Select allowClear showSearch={{ optionFilterProp: "label" }} options={users} />
      </Form.Item>
      <ShownNumber />
    </>
  );
}

function ShownNumber(): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item name="outbound_number" label={t("agents.shown")} extra={t("agents.shownHelp")}>
      <Select allowClear showSearch={{ optionFilterProp: "label" }} options={useShownNumbers()} />
    </Form.Item>
  );
}

const DEVICES = ["browser", "sip", "phone"] as const;

/** What rings, and what that needs. */
function Devices({ agent }: { agent: Agent | null }): ReactNode {
  const { t } = useTranslation();
  const device = Form.useWatch<Agent["device"] | undefined>("device") ?? agent?.device ?? "browser";
  return (
    <>
      <Divider titlePlacement="start">{t("agents.device")}</Divider>
      <Form.Item name="device" extra={t(`agents.deviceHelp.${device}`)}>
        <Select
          aria-label={t("agents.device")}
          options={DEVICES.map((one) => ({ value: one, label: t(`agents.deviceName.${one}`) }))}
        />
      </Form.Item>
      {device === "phone" && (
        <>
          <Form.Item
            name="destination_id"
            label={t("agents.destination")}
            extra={t("agents.destinationHelp")}
            rules={[{ required: true, message: t("app.required") }]}
          >
            <DestinationPicker />
          </Form.Item>
          <Form.Item
            name="confirm_by_key"
            label={t("agents.confirm")}
            extra={t("agents.confirmHelp")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </>
      )}
      {device === "sip" && agent !== null && <SipAccount agent={agent} />}
    </>
  );
}

function Skills(): ReactNode {
  const { t } = useTranslation();
  const agents = useAllAgents().data;
  const known = useMemo(
    () => [...new Set(agents?.flatMap((one) => Object.keys(one.skills)))].sort().map((value) => ({ value })),
    [agents],
  );
  const needed = [{ required: true, message: t("app.required") }];
  return (
    <Form.Item extra={t("agents.skillsHelp")}>
      <Form.List name="skills">
        {(rows, { add, remove }) => (
          <Flex vertical gap={8}>
            {rows.map((row) => (
              <Flex key={row.key} gap={8}>
                <Form.Item name={[row.name, "skill"]} rules={needed} noStyle>
                  <AutoComplete
                    options={known}
                    placeholder={t("agents.skill")}
                    aria-label={t("agents.skill")}
                    style={{ flex: 1 }}
                  />
                </Form.Item>
                <Form.Item name={[row.name, "level"]} rules={needed} noStyle>
                  <InputNumber
                    min={1}
                    max={10}
                    prefix={t("agents.level")}
                    aria-label={t("agents.level")}
                    style={{ width: 130 }}
                  />
                </Form.Item>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t("agents.removeSkill")}
                  onClick={() => remove(row.name)}
                />
              </Flex>
            ))}
            <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ level: 5 })}>
              {t("agents.addSkill")}
            </Button>
          </Flex>
        )}
      </Form.List>
    </Form.Item>
  );
}

function Times(): ReactNode {
  const { t } = useTranslation();
  const field = (name: string, label: string, min: number, max: number, help?: string): ReactNode => (
    <Form.Item name={name} label={label} extra={help}>
      <InputNumber min={min} max={max} style={{ width: "100%" }} />
    </Form.Item>
  );
  return (
    <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", columnGap: 16 }}>
      {field("ring_timeout", t("agents.ringTimeout"), 5, 120)}
      {field("wrap_up_seconds", t("agents.wrapUp"), 0, 1800)}
      {field("wrap_up_extension", t("agents.wrapUpExtension"), 0, 3600)}
      {field("misses_allowed", t("agents.misses"), 0, 20, t("agents.missesHelp"))}
    </div>
  );
}
