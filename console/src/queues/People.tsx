import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Card, Divider, Flex, Form, InputNumber, Typography } from "antd";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAllAgents } from "../kit/choices";
import { CallerListPicker } from "../kit/pickers";
import { Grid, NumberField } from "./fields";
import type { Settings } from "./settings";

const MOST_STEPS = 10;

/** Which skills are asked for, and who is treated as a regular. */
export function People(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Divider titlePlacement="start">{t("queues.skills")}</Divider>
      <Typography.Paragraph type="secondary">{t("queues.skillsHelp")}</Typography.Paragraph>
      <Form.List name="skills">
        {(steps, { add, remove }) => (
          <Flex vertical gap={12} align="start">
            {steps.map((step) => (
              <Step key={step.key} place={step.name} remove={() => remove(step.name)} />
            ))}
            <Button
              type="dashed"
              icon={<PlusOutlined />}
              disabled={steps.length >= MOST_STEPS}
              onClick={() => add({ after: steps.length === 0 ? 0 : steps.length * 30, skills: [] })}
            >
              {t("queues.addStep")}
            </Button>
          </Flex>
        )}
      </Form.List>
      <Divider titlePlacement="start">{t("queues.sticky")}</Divider>
      <Grid>
        <NumberField
          name="sticky_minutes"
          label={t("queues.stickyMinutes")}
          help={t("queues.stickyMinutesHelp")}
          min={0}
          max={43_200}
        />
        <NumberField name="sticky_wait" label={t("queues.stickyWait")} min={0} max={600} />
        <Form.Item name="vip_list_id" label={t("queues.vip")} extra={t("queues.vipHelp")}>
          <CallerListPicker />
        </Form.Item>
        <NumberField name="vip_priority" label={t("queues.vipPriority")} min={1} max={10} />
      </Grid>
    </>
  );
}

/** The skills that agents have: what nobody has need not be asked for. */
function useKnownSkills(): { value: string }[] {
  const agents = useAllAgents().data;
  return useMemo(
    () => [...new Set(agents?.flatMap((agent) => Object.keys(agent.skills)))].sort().map((value) => ({ value })),
    [agents],
  );
}

function Step({ place, remove }: { place: number; remove: () => void }): ReactNode {
  const { t } = useTranslation();
  const known = useKnownSkills();
  const form = Form.useFormInstance<Settings>();
  const needed = [{ required: true, message: t("app.required") }];
  const once = {
    validator: (_: unknown, name: string) => {
      const all = form.getFieldValue(["skills", place, "skills"]) as Settings["skills"][number]["skills"];
      const isTwice = all.filter((one) => one?.skill === name).length > 1;
      return isTwice ? Promise.reject(new Error(t("queues.skillTwice"))) : Promise.resolve();
    },
  };
  return (
    <Card size="small" style={{ width: "min(560px, 100%)" }}>
      <Flex vertical gap={8}>
        <Flex gap={8} align="center">
          {t("queues.after")}
          <Form.Item name={[place, "after"]} noStyle rules={needed}>
            <InputNumber min={0} max={7200} aria-label={t("queues.after")} style={{ width: 90 }} />
          </Form.Item>
          <span style={{ flex: 1 }}>{t("queues.afterUnit")}</span>
          <Button type="text" danger icon={<DeleteOutlined />} aria-label={t("queues.removeStep")} onClick={remove} />
        </Flex>
        <Form.List name={[place, "skills"]}>
          {(skills, { add, remove: removeSkill }) => (
            <Flex vertical gap={6}>
              {skills.length === 0 && <Typography.Text type="secondary">{t("queues.anyone")}</Typography.Text>}
              {skills.map((skill) => (
                <Flex key={skill.key} gap={8} align="center">
                  <Form.Item name={[skill.name, "skill"]} rules={[...needed, once]} style={{ flex: 1, marginBottom: 0 }}>
                    <AutoComplete
                      options={known}
                      placeholder={t("queues.skill")}
                      aria-label={t("queues.skill")}
                    />
                  </Form.Item>
                  {t("queues.level")}
                  <Form.Item name={[skill.name, "level"]} noStyle rules={needed}>
                    <InputNumber min={1} max={10} aria-label={t("queues.level")} style={{ width: 76 }} />
                  </Form.Item>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t("queues.removeSkill")}
                    onClick={() => removeSkill(skill.name)}
                  />
                </Flex>
              ))}
              <Button size="small" type="link" icon={<PlusOutlined />} onClick={() => add({ level: 5 })}>
                {t("queues.addSkill")}
              </Button>
            </Flex>
          )}
        </Form.List>
      </Flex>
    </Card>
  );
}
