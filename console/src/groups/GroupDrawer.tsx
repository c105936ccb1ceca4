import { Flex, Form, Input, Radio, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { STRATEGIES, useSaveGroup, type Group, type GroupValues } from "./data";
import { MembersField } from "./MembersField";

interface Shown {
  /** null: a new one. */
  seen: Group | null;
  close: () => void;
}

export function GroupDrawer({ seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveGroup(seen);
  const initial: GroupValues = seen
    ? { ...seen, members: seen.members.map((member) => member.destination_id) }
    : { name: "", strategy: "priority", members: [] };
  return (
    <FormDrawer<GroupValues>
      title={seen ? t("groups.edit") : t("groups.add")}
      size={600}
      initial={initial}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t("groups.name")}
        rules={[{ required: true, whitespace: true, message: t("app.required") }]}
      >
        <Input maxLength={100} placeholder={t("groups.namePlaceholder")} autoFocus />
      </Form.Item>
      <Form.Item name="strategy" label={t("groups.strategyTitle")}>
        <Radio.Group>
          <Flex vertical gap={8}>
            {STRATEGIES.map((strategy) => (
              <Radio key={strategy} value={strategy}>
                {t(`groups.strategy.${strategy}`)}
                <Typography.Text type="secondary" style={{ marginInlineStart: 8 }}>
                  {t(`groups.strategyHelp.${strategy}`)}
                </Typography.Text>
              </Radio>
            ))}
          </Flex>
        </Radio.Group>
      </Form.Item>
      <Form.Item name="members" label={t("groups.members")} extra={t("groups.membersHelp")}>
        <MembersField />
      </Form.Item>
    </FormDrawer>
  );
}
