import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Descriptions, Flex, Modal, Space, theme, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import { BulletinBell } from "../bulletins/OwnBulletins";
import { CallControls } from "./CallControls";
import { CallerName, useTalkWords } from "./CallWords";
import type { OwnCall } from "./data";
import { PhoneMenu } from "./PhoneMenu";
import { PresenceMenu } from "./PresenceMenu";
import { KEYS, SHORTCUTS, useShortcuts } from "./shortcuts";
import { Elapsed } from "./states";
import { TransferDrawer } from "./TransferDrawer";
import { useWork, type Work } from "./work";

/** For the head of every page: what the agent is doing, the phone, the shortcuts. */
export function WorkControls(): ReactNode {
  const work = useWork();
  return work && <Controls work={work} />;
}

function Controls({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const [help, setHelp] = useState(false);
  useShortcuts(work, () => setHelp((shown) => !shown));
  return (
    <Space>
      <BulletinBell />
      <PresenceMenu work={work} />
      <PhoneMenu work={work} />
      <Button
        type="text"
        aria-label={t("phone.shortcuts")}
        title={`${t("phone.shortcuts")} · ${KEYS.help.shown}`}
        icon={<QuestionCircleOutlined />}
        onClick={() => setHelp(true)}
      />
      <Modal open={help} title={t("phone.shortcuts")} footer={null} onCancel={() => setHelp(false)}>
        <Descriptions
          column={1}
          size="small"
          bordered
          items={SHORTCUTS.map((name) => ({
            key: name,
            label: t(`phone.key.${name}`),
            children: <kbd>{KEYS[name].shown}</kbd>,
          }))}
        />
      </Modal>
      <TransferDrawer work={work} />
    </Space>
  );
}

/** The call, on every page but the desk, which shows it in full. */
export function CallBar(): ReactNode {
  const work = useWork();
  const here = useLocation().pathname;
  return work?.call && here !== "/desk" ? <Bar work={work} call={work.call} /> : null;
}

function Bar({ work, call }: { work: Work; call: OwnCall }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const words = useTalkWords(call, work.supervising);
  return (
    <Flex
      role="region"
      aria-label={t("phone.talking")}
      justify="space-between"
      align="center"
      gap={12}
      wrap
      style={{
        padding: "6px 24px",
        background: call.state === "ringing" ? token.colorWarningBg : token.colorPrimaryBg,
        borderBlock: `1px solid ${token.colorBorderSecondary}`,
      }}
    >
      <Space size="middle">
        {words}
        <span>
          <CallerName call={call} />
        </span>
        <Typography.Text type="secondary">
          <Elapsed since={call.since} />
        </Typography.Text>
      </Space>
      <Space>
        <CallControls work={work} call={call} slim />
        <Link to="/desk">{t("phone.toDesk")}</Link>
      </Space>
    </Flex>
  );
}
