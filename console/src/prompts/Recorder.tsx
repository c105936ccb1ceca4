import { AudioOutlined, CheckOutlined, RedoOutlined } from "@ant-design/icons";
import { Alert, Button, Flex, Progress, Typography } from "antd";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { duration } from "../kit/format";
import { startRecording, type Recording } from "./recording";

interface Shown {
  /** Come from the form's item. */
  value?: File | null;
  onChange?: (file: File | null) => void;
}

const MOST_MINUTES = 5;
const EVERY = 100;

/** Records with the microphone; what was recorded can be heard before it is saved. */
export function Recorder({ value = null, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const running = useRef<{ recording: Recording; timer: number } | null>(null);
  const [ms, setMs] = useState<number | null>(null);
  const [level, setLevel] = useState(0);
  const [failed, setFailed] = useState(false);

  /** What runs is taken down; nothing when nothing runs. */
  const take = (): Recording | null => {
    const taken = running.current;
    running.current = null;
    window.clearInterval(taken?.timer);
    return taken?.recording ?? null;
  };
  useEffect(() => () => take()?.cancel(), []);
  const stop = async (): Promise<void> => {
    const recording = take();
    if (recording) {
      setMs(null);
      onChange?.(await recording.stop());
    }
  };
  const start = async (): Promise<void> => {
    setFailed(false);
    try {
      const recording = await startRecording();
      const began = performance.now();
      const tick = (): void => {
        const passed = performance.now() - began;
        setMs(passed);
        setLevel(recording.level());
        if (passed > MOST_MINUTES * 60_000) {
          void stop();
        }
      };
      running.current = { recording, timer: window.setInterval(tick, EVERY) };
      tick();
    } catch {
      setFailed(true);
    }
  };

  if (ms !== null) {
    return (
      <Flex vertical gap={8}>
        <Flex gap={12} align="center">
          <Button type="primary" danger icon={<CheckOutlined />} onClick={() => void stop()}>
            {t("prompts.stopRecording")}
          </Button>
          <Typography.Text role="timer">{t("prompts.recording", { time: duration(ms) })}</Typography.Text>
        </Flex>
        <Progress percent={Math.round(level * 100)} showInfo={false} size="small" />
        <Typography.Text type="secondary">{t("prompts.tooLong", { count: MOST_MINUTES })}</Typography.Text>
      </Flex>
    );
  }
  return (
    <Flex vertical gap={8}>
      {failed && <Alert type="error" showIcon title={t("prompts.noMicrophone")} />}
      {value && <Recorded file={value} />}
      <Flex gap={12} align="center">
        <Button icon={value ? <RedoOutlined /> : <AudioOutlined />} onClick={() => void start()}>
          {value ? t("prompts.recordAgain") : t("prompts.record")}
        </Button>
        {!value && <Typography.Text type="secondary">{t("prompts.recordHint")}</Typography.Text>}
      </Flex>
    </Flex>
  );
}

/** A sound that is not saved yet, to be heard. */
export function Recorded({ file }: { file: File }): ReactNode {
  const show = useCallback(
    (player: HTMLAudioElement) => {
      player.src = URL.createObjectURL(file);
      return () => URL.revokeObjectURL(player.src);
    },
    [file],
  );
  return <audio ref={show} controls style={{ width: "100%" }} />;
}
