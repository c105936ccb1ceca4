import { Divider, Flex, Form, Input, InputNumber, Segmented, Switch } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { AgentPicker, HotlinePicker, QueuePicker } from "../kit/pickers";
import { PromptPicker } from "../kit/PromptPicker";
import { useSaveBox, type Box, type BoxValues } from "./data";
import { ownedBy, ownerOf, OWNERS, type Owner } from "./owner";

const USUAL: Partial<BoxValues> = {
  name: "",
  max_seconds: 120,
  silence_seconds: 5,
  finish_key: "#",
  rerecord_key: "*",
  review: true,
  notify: true,
};

/** A voicemail box: whose it is, how messages are recorded, what follows. */
export function BoxDrawer({ box, close }: { box: Box | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveBox(box, t("app.saved"));
  const [owner, setOwner] = useState<Owner>(box ? ownerOf(box) : "enterprise");
  return (
    <FormDrawer<BoxValues>
      title={box ? t("voicemail.editBox") : t("voicemail.newBox")}
      initial={box ?? USUAL}
      save={(values) => save.mutateAsync(ownedBy(owner, values))}
      close={close}
    >
      <Form.Item name="name" label={t("app.nameLabel")} rules={[{ required: true, message: t("app.required") }]}>
        <Input maxLength={100} placeholder={t("voicemail.example")} />
      </Form.Item>
      <Form.Item label={t("voicemail.owner")} extra={t("voicemail.ownerHelp")}>
        <Segmented
          value={owner}
          onChange={setOwner}
          options={OWNERS.map((one) => ({ value: one, label: t(`voicemail.ownerOf.${one}`) }))}
        />
      </Form.Item>
      <OwnerFields owner={owner} />
      <Divider titlePlacement="start">{t("voicemail.sections.record")}</Divider>
      <Form.Item name="greeting_prompt_id" label={t("voicemail.greeting")} extra={t("voicemail.greetingHelp")}>
        <PromptPicker />
      </Form.Item>
      <Flex gap={16}>
        <Form.Item name="max_seconds" label={t("voicemail.maxSeconds")} style={{ flex: 1 }}>
          <InputNumber min={5} max={600} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item
          name="silence_seconds"
          label={t("voicemail.silence")}
          extra={t("voicemail.silenceHelp")}
          style={{ flex: 1 }}
        >
          <InputNumber min={0} max={60} style={{ width: "100%" }} />
        </Form.Item>
      </Flex>
      <Flex gap={16}>
        <Form.Item name="finish_key" label={t("voicemail.finishKey")} style={{ flex: 1 }}>
          <Input maxLength={1} />
        </Form.Item>
        <Form.Item name="rerecord_key" label={t("voicemail.rerecordKey")} style={{ flex: 1 }}>
          <Input maxLength={1} />
        </Form.Item>
      </Flex>
      <Divider titlePlacement="start">{t("voicemail.sections.after")}</Divider>
      <Form.Item name="review" label={t("voicemail.review")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="review_prompt_id" label={t("voicemail.reviewPrompt")} extra={t("voicemail.reviewPromptHelp")}>
        <PromptPicker />
      </Form.Item>
      <Form.Item name="notify" label={t("voicemail.notify")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormDrawer>
  );
}

/** Which one it belongs to, and what is special to that. */
function OwnerFields({ owner }: { owner: Owner }): ReactNode {
  const { t } = useTranslation();
  const needed = [{ required: true, message: t("app.required") }];
  switch (owner) {
    case "hotline":
      return (
        <>
          <Form.Item name="hotline_id" label={t("voicemail.ownerOf.hotline")} rules={needed}>
            <HotlinePicker />
          </Form.Item>
          <Form.Item
            name="takes_blacklisted"
            label={t("voicemail.takesBlacklisted")}
            extra={t("voicemail.takesBlacklistedHelp")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </>
      );
    case "queue":
      return (
        <>
          <Form.Item name="queue_id" label={t("voicemail.ownerOf.queue")} rules={needed}>
            <QueuePicker />
          </Form.Item>
          <Form.Item name="for_members" label={t("voicemail.forMembers")} valuePropName="checked">
            <Switch />
          </Form.Item>
        </>
      );
    case "agent":
      return (
        <Form.Item name="agent_id" label={t("voicemail.ownerOf.agent")} rules={needed}>
          <AgentPicker />
        </Form.Item>
      );
    default:
      return null;
  }
}
