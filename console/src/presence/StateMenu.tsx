import { DownOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useBreakReasons, useForceState, type Choosable, type Presence } from "./data";

/** Changes what somebody is doing. */
export function StateMenu({ presence }: { presence: Presence }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const reasons = useBreakReasons();
  const force = useForceState();
  const ask = async (state: Choosable, reason: string): Promise<void> => {
    const answer = await force.mutateAsync({ agentId: presence.agent_id, state, reason });
    const words = { state: t(`presence.state.${state}`) };
    void message.success(answer.effective === "now" ? t("presence.now", words) : t("presence.after", words));
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "ready", label: t("presence.to.ready") },
          ...reasons.map((reason) => ({ key: `break:${reason}`, label: t("presence.to.break", { reason }) })),
          { key: "offline", label: t("presence.to.offline"), danger: true },
        ],
        onClick: ({ key }) => {
          const [state, reason] = key.startsWith("break:") ? ["break" as const, key.slice(6)] : [key as Choosable, ""];
          ask(state, reason).catch(() => undefined);
        },
      }}
    >
      <Button size="small" loading={force.isPending} aria-label={`${t("presence.change")} ${presence.name}`}>
        {t("presence.change")} <DownOutlined />
      </Button>
    </Dropdown>
  );
}
