import { CaretRightOutlined, DownloadOutlined, PauseOutlined } from "@ant-design/icons";
import { Alert, Button, Flex, Select, Tooltip, Typography } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { wordsOf } from "./data";
import { duration as durationOf } from "./format";
import { fetchSound, forgetSound, type Sound } from "./sound";
import { Waveform } from "./Waveform";

interface Shown {
  /** Where the sound is; nothing is fetched before somebody wants to hear it. */
  address: string;
  /** What is heard, for those who hear the page. */
  label: string;
  /** Whose lanes they are, of a sound in stereo. */
  lanes?: readonly string[];
  /** Its length in ms, as far as it is known before. */
  length?: number | null;
  /** From where it is saved. */
  save?: string;
  /** It was fetched, and is heard from now on. */
  ready?: () => void;
}

const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

/** Plays a recording: its picture, speed, moving by mouse and keys (space, arrows, Home, End). */
export function Player({ address, label, lanes = [], length = null, save, ready }: Shown): ReactNode {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const { sound, share, failed, load } = useSound(address);
  const { playing, position, seconds } = usePlaying(audio, sound !== null);
  const [speed, setSpeed] = useState<number>(1);
  const total = seconds ?? (length ?? 0) / 1000;
  const isLoading = share !== null && sound === null && failed === null;

  const tell = useRef(ready);
  useEffect(() => {
    tell.current = ready;
  }, [ready]);
  useEffect(() => {
    if (sound !== null) {
      tell.current?.();
      // Whoever asked for it has waited: a browser that will not play by itself waits for a click.
      void audio.current?.play().catch(() => undefined);
    }
  }, [sound]);
  useEffect(() => {
    if (audio.current) {
      audio.current.playbackRate = speed;
    }
  }, [speed, sound]);

  const toggle = (): void => {
    if (sound === null) {
      load();
    } else if (audio.current?.paused) {
      void audio.current.play().catch(() => undefined);
    } else {
      audio.current?.pause();
    }
  };
  const byKey = (event: KeyboardEvent): void => {
    if (event.key === " " && event.target instanceof Element && event.target.role === "slider") {
      event.preventDefault();
      toggle();
    }
  };
  return (
    <section aria-label={label} onKeyDown={byKey}>
      <Flex align="center" gap={10}>
        <Button
          type="primary"
          shape="circle"
          loading={isLoading}
          icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
          aria-label={playing ? t("kit.pause") : t("kit.play")}
          onClick={toggle}
        />
        <Waveform
          lanes={sound?.lanes ?? null}
          names={lanes}
          label={t("kit.position")}
          position={position}
          duration={total}
          text={`${durationOf(position * 1000)} / ${durationOf(total * 1000)}`}
          seek={(to) => {
            if (audio.current && sound !== null) {
              audio.current.currentTime = to;
            }
          }}
        />
        <Typography.Text type="secondary" style={{ whiteSpace: "nowrap", minWidth: 84, textAlign: "end" }}>
          {isLoading && share > 0 && share < 1
            ? `${Math.round(share * 100)}%`
            : `${durationOf(position * 1000)} / ${durationOf(total * 1000)}`}
        </Typography.Text>
        <Select
          size="small"
          variant="filled"
          aria-label={t("kit.speed")}
          value={speed}
          style={{ width: 76 }}
          options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
          onChange={setSpeed}
        />
        {save !== undefined && (
          <Tooltip title={t("kit.save")}>
            <Button type="text" icon={<DownloadOutlined />} href={save} download aria-label={t("kit.save")} />
          </Tooltip>
        )}
      </Flex>
      {failed && (
        <Alert type="warning" showIcon title={wordsOf(failed, t("app.loadFailed"))} style={{ marginTop: 8 }} />
      )}
      {/* What is spoken in it stands nowhere in writing. */}
      {sound && <audio ref={audio} src={sound.url} preload="auto" />}
    </section>
  );
}

/** The sound at `address`, fetched when `load` is called. */
function useSound(address: string): {
  sound: Sound | null;
  share: number | null;
  failed: Error | null;
  load: () => void;
} {
  const [sound, setSound] = useState<Sound | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  const [wanted, setWanted] = useState(0);
  useEffect(() => {
    if (wanted === 0) {
      return undefined;
    }
    const stop = new AbortController();
    let kept: Sound | null = null;
    fetchSound(address, stop.signal, setShare).then(
      (fetched) => {
        kept = fetched;
        if (stop.signal.aborted) {
          forgetSound(fetched);
        } else {
          setSound(fetched);
        }
      },
      (error: unknown) => {
        if (!stop.signal.aborted) {
          setFailed(error instanceof Error ? error : new Error(String(error)));
        }
      },
    );
    return () => {
      stop.abort();
      if (kept) {
        forgetSound(kept);
      }
      setSound(null);
    };
  }, [address, wanted]);
  const load = (): void => {
    setFailed(null);
    setShare(0);
    setWanted((times) => times + 1);
  };
  return { sound, share, failed, load };
}

/** What the browser's player does now; `seconds` is null before the sound is there. */
function usePlaying(
  audio: React.RefObject<HTMLAudioElement | null>,
  isThere: boolean,
): {
  playing: boolean;
  position: number;
  seconds: number | null;
} {
  const [state, setState] = useState({ playing: false, position: 0, seconds: null as number | null });
  useEffect(() => {
    if (!isThere) {
      return undefined;
    }
    let frame = 0;
    // Sixty times a second while it plays; the events of players come but four times.
    const look = (): void => {
      const heard = audio.current;
      const now = {
        playing: heard !== null && !heard.paused && !heard.ended,
        position: heard?.currentTime ?? 0,
        seconds: heard && Number.isFinite(heard.duration) ? heard.duration : null,
      };
      setState((before) =>
        before.playing === now.playing && before.position === now.position && before.seconds === now.seconds
          ? before
          : now,
      );
      frame = requestAnimationFrame(look);
    };
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [audio, isThere]);
  return state;
}
