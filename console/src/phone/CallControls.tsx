import {
  AudioMutedOutlined,
  AudioOutlined,
  PauseOutlined,
  PhoneFilled,
  PhoneOutlined,
  PlayCircleOutlined,
  RollbackOutlined,
  SwapOutlined,
  TableOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import { Button, Flex, Popover, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { CallCommand, OwnCall } from "./data";
import { Keypad } from "./Keypad";
import { KEYS, type Shortcut } from "./shortcuts";
import { talkOf } from "./talk";
import type { Work } from "./work";

interface Shown {
  work: Work;
  call: OwnCall;
  /** Symbols only, for the slim bar. */
  slim?: boolean;
}

/** Everything that can be done to the call at this point of it. */
export function CallControls({ work, call, slim = false }: Shown): ReactNode {
  const { stage } = talkOf(call);
  return (
    <Flex gap={8} wrap align="center">
      {stage === "offered" ? (
        <Offered work={work} call={call} slim={slim} />
      ) : (
        <>
          {work.supervising ? (
            work.device.call && <Mute work={work} slim={slim} />
          ) : stage === "ringing_colleague" || stage === "asking" || stage === "three_way" ? (
            <WithColleague work={work} stage={stage} slim={slim} />
          ) : (
            <Alone work={work} call={call} slim={slim} mayGoOn={stage !== "consulted"} />
          )}
          <HangUp work={work} slim={slim} />
        </>
      )}
    </Flex>
  );
}

function Offered({ work, call, slim }: Required<Shown>): ReactNode {
  const { t } = useTranslation();
  const own = work.device.call;
  if (!own) {
    const words = work.agent.agent.device === "browser" || call.direction !== "inbound" ? t("phone.connecting") : t("phone.answerOnDevice");
    return <Typography.Text type="secondary">{words}</Typography.Text>;
  }
  if (own.phase !== "ringing") {
    return <Typography.Text type="secondary">{t("phone.connecting")}</Typography.Text>;
  }
  return (
    <>
      <Action
        slim={slim}
        name={t("phone.answer")}
        shortcut="answer"
        icon={<PhoneFilled />}
        color="green"
        act={() => work.phone.answer()}
      />
      <Action
        slim={slim}
        name={t("phone.reject")}
        shortcut="hangUp"
        icon={<HungUp />}
        color="danger"
        act={work.hangUp}
      />
    </>
  );
}

function Alone({ work, call, slim, mayGoOn }: Required<Shown> & { mayGoOn: boolean }): ReactNode {
  const { t } = useTranslation();
  const held = call.state === "on_hold";
  const { panel, setPanel } = work;
  return (
    <>
      {mayGoOn && (
        <Action
          slim={slim}
          name={held ? t("phone.resume") : t("phone.hold")}
          shortcut="hold"
          icon={held ? <PlayCircleOutlined /> : <PauseOutlined />}
          color={held ? "primary" : "default"}
          act={() => void work.command({ verb: held ? "resume" : "hold" })}
        />
      )}
      <Mute work={work} slim={slim} />
      {mayGoOn && (
        <>
          <Popover
            trigger="click"
            open={panel === "keypad"}
            onOpenChange={(open) => setPanel(open ? "keypad" : null)}
            destroyOnHidden
            title={t("phone.keypadTitle")}
            content={<Keypad press={(digits) => void work.command({ verb: "digits", digits })} />}
          >
            <span>
              <Action slim={slim} name={t("phone.keypad")} shortcut="keypad" icon={<TableOutlined />} />
            </span>
          </Popover>
          <Action
            slim={slim}
            name={t("phone.transfer")}
            shortcut="transfer"
            icon={<SwapOutlined />}
            act={() => setPanel("transfer")}
          />
        </>
      )}
    </>
  );
}

function Mute({ work, slim }: { work: Work; slim: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <Action
      slim={slim}
      name={work.muted ? t("phone.unmute") : t("phone.mute")}
      shortcut="mute"
      icon={work.muted ? <AudioMutedOutlined /> : <AudioOutlined />}
      color={work.muted ? "primary" : "default"}
      act={work.toggleMute}
    />
  );
}

function WithColleague({ work, stage, slim }: { work: Work; stage: "ringing_colleague" | "asking" | "three_way"; slim: boolean }): ReactNode {
  const { t } = useTranslation();
  const say = (verb: CallCommand["verb"]) => () => void work.command({ verb });
  const three = stage === "three_way";
  return (
    <>
      <Mute work={work} slim={slim} />
      {stage === "asking" && (
        <Action slim={slim} name={t("phone.threeWay")} icon={<TeamOutlined />} act={say("three_way")} />
      )}
      <Action
        slim={slim}
        name={three ? t("phone.leave") : t("phone.complete")}
        icon={<SwapOutlined />}
        color="primary"
        act={say("complete")}
      />
      <Action
        slim={slim}
        name={three ? t("phone.dropColleague") : t("phone.back")}
        icon={<RollbackOutlined />}
        act={say("back")}
      />
    </>
  );
}

function HangUp({ work, slim }: { work: Work; slim: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <Action slim={slim} name={t("phone.hangUp")} shortcut="hangUp" icon={<HungUp />} color="danger" act={work.hangUp} />
  );
}

/** A receiver that is put down. */
function HungUp(): ReactNode {
  return <PhoneOutlined rotate={225} />;
}

interface Action {
  name: string;
  icon: ReactNode;
  slim: boolean;
  color?: "default" | "primary" | "danger" | "green";
  shortcut?: Shortcut;
  act?: () => void;
}

function Action({ name, icon, slim, color = "default", shortcut, act }: Action): ReactNode {
  const keys = shortcut ? KEYS[shortcut].shown : "";
  return (
    <Button
      color={color}
      variant={color === "default" ? "outlined" : "solid"}
      size={slim ? "middle" : "large"}
      icon={icon}
      aria-label={name}
      aria-keyshortcuts={keys.replaceAll(" ", "")}
      title={[name, keys].filter(Boolean).join(" · ")}
      onClick={act}
    >
      {slim && color !== "green" ? null : name}
    </Button>
  );
}
