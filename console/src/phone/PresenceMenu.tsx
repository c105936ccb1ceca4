import { DownOutlined } from "@ant-design/icons";
import { Badge, Button, Dropdown, Tooltip } from "antd";
import type { MenuProps } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { STATE_COLOURS } from "../presence/states";
import { mayBeReady } from "./shortcuts";
import { Elapsed, Remaining, useStateWords } from "./states";
import type { Work } from "./work";

/** What one is doing, since when, and what one may do instead. */
export function PresenceMenu({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const words = useStateWords();
  const { state, reason, since, next_state, next_reason, wrap_up_until } = work.agent.presence;
  const next = next_state ? t("phone.next", { state: words(next_state, next_reason) }) : "";
  return (
    <Tooltip title={next}>
      <Dropdown trigger={["click"]} menu={useChoices(work)}>
        <Button>
          <span className="only-heard">{t("phone.changeState")}: </span>
          <Badge color={STATE_COLOURS[state] ?? "default"} />
          {words(state, reason)}{" "}
          {state === "wrap_up" && wrap_up_until ? <Remaining until={wrap_up_until} /> : <Elapsed since={since} />}
          {next && " …"}
          <DownOutlined />
        </Button>
      </Dropdown>
    </Tooltip>
  );
}

function useChoices(work: Work): MenuProps {
  const { t } = useTranslation();
  const { break_reasons: reasons, presence } = work.agent;
  const blocked = !mayBeReady(work);
  return {
    selectedKeys: [presence.state === "break" ? `break:${presence.reason}` : presence.state],
    items: [
      {
        key: "ready",
        disabled: blocked,
        title: blocked ? t("phone.notRegistered") : "",
        icon: <Badge color={STATE_COLOURS["ready"] ?? ""} />,
        label: presence.state === "wrap_up" ? t("phone.finishWrapUp") : t("phone.goReady"),
      },
      {
        type: "group",
        label: t("phone.breaks"),
        children: (reasons.length > 0 ? reasons : [""]).map((reason) => ({
          key: `break:${reason}`,
          icon: <Badge color={STATE_COLOURS["break"] ?? ""} />,
          label: reason || t("phone.breaks"),
        })),
      },
      { type: "divider" },
      { key: "offline", icon: <Badge color={STATE_COLOURS["offline"] ?? ""} />, label: t("phone.goOffline") },
    ],
    onClick: ({ key }) => {
      const [state, reason] = key.split(/:(.*)/s);
      work.be(state as "ready" | "break" | "offline", reason ?? "");
    },
  };
}
