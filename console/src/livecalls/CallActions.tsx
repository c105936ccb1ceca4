import { AudioOutlined, CommentOutlined, DownOutlined, PhoneOutlined, SoundOutlined, UserSwitchOutlined } from "@ant-design/icons";
import { Button, Dropdown, Popconfirm, Space, Tooltip } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useHangUp, useSupervise, type Mode, type OpenCall } from "./data";

interface Shown {
  call: OpenCall;
  /** Whether a device of mine can ring. */
  hasDevice: boolean;
  /** Whether I am present at a call, this or another. */
  isBusy: boolean;
}

/** What a supervisor may do to a call that goes on. */
export function CallActions({ call, hasDevice, isBusy }: Shown): ReactNode {
  const { t } = useTranslation();
  const supervise = useSupervise();
  const hangUp = useHangUp(t("livecalls.hungUp"));
  const isTalking = call.place === "talking" || call.place === "on_hold";
  const hindrance = (!hasDevice && t("livecalls.noDevice")) || (!isTalking && t("livecalls.notTalking")) || "";
  const begin = (mode: Mode): void => supervise.mutate({ callId: call.call_id, mode, isThere: false });
  return (
    <Space>
      <Tooltip placement="bottom" styles={{ root: { pointerEvents: "none" } }} title={hindrance || t("livecalls.help.listen")}>
        <Space.Compact>
          <Button
            size="small"
            icon={<SoundOutlined />}
            disabled={Boolean(hindrance) || isBusy}
            loading={supervise.isPending}
            onClick={() => begin("listen")}
          >
            {t("livecalls.listen")}
          </Button>
          <Dropdown
            trigger={["click"]}
            disabled={Boolean(hindrance) || isBusy}
            menu={{
              items: [
                { key: "whisper", icon: <CommentOutlined />, label: `${t("livecalls.whisper")}：${t("livecalls.help.whisper")}` },
                { key: "barge", icon: <AudioOutlined />, label: `${t("livecalls.barge")}：${t("livecalls.help.barge")}` },
                {
                  key: "take_over",
                  icon: <UserSwitchOutlined />,
                  label: `${t("livecalls.takeOver")}：${t("livecalls.help.take_over")}`,
                },
              ],
              onClick: ({ key }) => begin(key as Mode),
            }}
          >
            <Button size="small" icon={<DownOutlined />} aria-label={t("livecalls.more")} />
          </Dropdown>
        </Space.Compact>
      </Tooltip>
      <Popconfirm
        title={t("livecalls.hangUpThis")}
        okText={t("livecalls.hangUp")}
        okButtonProps={{ danger: true }}
        onConfirm={() => hangUp.mutateAsync(call.call_id).catch(() => undefined)}
      >
        <Button size="small" danger loading={hangUp.isPending} icon={<PhoneOutlined rotate={135} />}>
          {t("livecalls.hangUp")}
        </Button>
      </Popconfirm>
    </Space>
  );
}
