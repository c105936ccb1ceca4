import { CustomerServiceOutlined } from "@ant-design/icons";
import { Alert, Badge, Button, Flex, Form, Popover, Segmented, Select, Slider, Typography } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { askForNotices, mayNotify } from "./notices";
import type { PhoneState } from "./phone";
import type { Quality } from "./quality";
import type { Work } from "./work";

const STATUS: Readonly<Record<PhoneState, "default" | "success" | "processing" | "warning" | "error">> = {
  off: "default",
  starting: "processing",
  ready: "success",
  reconnecting: "warning",
  elsewhere: "warning",
  no_microphone: "error",
  insecure: "error",
  failed: "error",
};

/** On what calls ring, with which microphone and loudspeaker, and how well it works. */
export function PhoneMenu({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const browser = work.agent.agent.device === "browser";
  const words = browser ? t(`phone.line.${work.device.state}`) : t(`phone.device.${work.agent.agent.device}`);
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Settings work={work} />}>
      <Button type="text" aria-label={`${t("phone.device.title")}: ${words}`} title={words}>
        <Badge dot status={browser ? STATUS[work.device.state] : "default"} offset={[-2, 2]}>
          <CustomerServiceOutlined style={{ fontSize: 17 }} />
        </Badge>
      </Button>
    </Popover>
  );
}

function Settings({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const { agent, device } = work;
  const chosen = agent.agent.device;
  return (
    <Flex vertical gap={12} style={{ width: 320 }}>
      <Typography.Text strong>{t("phone.device.title")}</Typography.Text>
      <Segmented
        block
        value={chosen}
        options={agent.devices.map((value) => ({ value, label: t(`phone.device.${value}`) }))}
        onChange={(value) => work.use(value)}
      />
      {chosen !== "browser" && <Typography.Text type="secondary">{t(`phone.device.${chosen}Hint`)}</Typography.Text>}
      {chosen === "browser" && (
        <>
          <Badge status={STATUS[device.state]} text={t(`phone.line.${device.state}`)} />
          <PhoneTrouble work={work} />
          <AudioDevices work={work} />
        </>
      )}
      {device.quality && <QualityLine quality={device.quality} />}
    </Flex>
  );
}

/** Why the phone in the browser does not work, and what to do; nothing where it does. */
export function PhoneTrouble({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const { state } = work.device;
  if (work.agent.agent.device !== "browser" || state === "off" || state === "starting" || state === "ready") {
    return null;
  }
  return (
    <Alert
      type={state === "elsewhere" || state === "reconnecting" ? "warning" : "error"}
      showIcon
      title={t(`phone.line.${state}`)}
      description={
        <Flex vertical gap={8} align="start">
          {t(`phone.trouble.${state}`)}
          {state === "elsewhere" && <TakeOver work={work} />}
          {(state === "no_microphone" || state === "failed") && (
            <Button size="small" onClick={() => work.phone.again()}>
              {t("phone.again")}
            </Button>
          )}
        </Flex>
      }
    />
  );
}

function TakeOver({ work }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const inCall = work.call !== null;
  return (
    <Button
      size="small"
      type="primary"
      disabled={inCall}
      title={inCall ? t("phone.takeOverInCall") : ""}
      onClick={() => work.phone.takeOver()}
    >
      {t("phone.takeOver")}
    </Button>
  );
}

function AudioDevices({ work: { phone } }: { work: Work }): ReactNode {
  const { t } = useTranslation();
  const devices = useAudioDevices();
  const [choice, setChoice] = useState(phone.audio);
  const optionsOf = (kind: MediaDeviceKind): { value: string; label: string }[] => [
    { value: "", label: t("phone.device.system") },
    ...devices
      .filter((one) => one.kind === kind && !["", "default", "communications"].includes(one.deviceId))
      .map((one, at) => ({ value: one.deviceId, label: one.label || t("phone.device.unnamed", { place: at + 1 }) })),
  ];
  const choose = (changed: Partial<typeof choice>): void => {
    const wanted = { ...choice, ...changed };
    setChoice(wanted);
    void phone.useAudio(wanted).catch(() => undefined);
  };
  return (
    <Form layout="vertical">
      <Form.Item label={t("phone.device.microphone")} style={{ marginBottom: 8 }}>
        <Select
          aria-label={t("phone.device.microphone")}
          value={choice.microphone}
          options={optionsOf("audioinput")}
          onChange={(microphone: string) => choose({ microphone })}
        />
      </Form.Item>
      <Form.Item label={t("phone.device.speaker")} style={{ marginBottom: 12 }}>
        <Select
          aria-label={t("phone.device.speaker")}
          value={choice.speaker}
          options={optionsOf("audiooutput")}
          onChange={(speaker: string) => choose({ speaker })}
        />
      </Form.Item>
      <Form.Item label={t("phone.device.ringer")} style={{ marginBottom: 8 }}>
        <Select aria-label={t("phone.device.ringer")} value={choice.ringer} options={optionsOf("audiooutput")} onChange={(ringer: string) => choose({ ringer })} />
      </Form.Item>
      <Form.Item label={t("phone.device.volume")} style={{ marginBottom: 12 }}>
        <Flex gap={12} align="center">
          <Slider
            style={{ flex: 1 }}
            value={choice.volume}
            ariaLabelForHandle={t("phone.device.volume")}
            onChange={(volume: number) => choose({ volume })}
          />
          <Button size="small" onClick={() => phone.tryRing()}>
            {t("phone.device.tryRing")}
          </Button>
        </Flex>
      </Form.Item>
      <Notices />
    </Form>
  );
}

/** Whether calls are told of while another program is in front. */
function Notices(): ReactNode {
  const { t } = useTranslation();
  const [may, setMay] = useState(mayNotify);
  return (
    <Flex justify="space-between" align="center" gap={12}>
      <Typography.Text type={may === "denied" ? "warning" : "secondary"}>{t(`phone.notices.${may}`)}</Typography.Text>
      {may === "default" && (
        <Button size="small" onClick={() => void askForNotices().then(setMay)}>
          {t("phone.notices.allow")}
        </Button>
      )}
    </Flex>
  );
}

/** What is plugged in, as it is plugged in and out. */
function useAudioDevices(): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    if (!("mediaDevices" in navigator)) {
      return undefined;
    }
    const look = (): void => void navigator.mediaDevices.enumerateDevices().then(setDevices);
    look();
    navigator.mediaDevices.addEventListener("devicechange", look);
    return () => navigator.mediaDevices.removeEventListener("devicechange", look);
  }, []);
  return devices;
}

const GRADES = { good: "success", fair: "warning", poor: "error" } as const;

/** How well the network carries the call. */
export function QualityLine({ quality }: { quality: Quality }): ReactNode {
  const { t } = useTranslation();
  const figures = [
    t("phone.quality.loss", { value: quality.loss }),
    t("phone.quality.jitter", { value: quality.jitter }),
    quality.roundTrip === null ? "" : t("phone.quality.roundTrip", { value: quality.roundTrip }),
  ].filter(Boolean);
  return (
    <Typography.Text type="secondary">
      <Badge
        status={GRADES[quality.grade]}
        text={t("phone.quality.line", { grade: t(`phone.quality.${quality.grade}`), figures: figures.join(" · ") })}
      />
    </Typography.Text>
  );
}
