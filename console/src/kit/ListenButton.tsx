import { PauseCircleOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Shown {
  /** Where the sound is; asked for when it is to be heard. */
  source: () => string | Promise<string>;
  /** What is heard, for those who cannot see the row. */
  what?: string;
  disabled?: boolean;
  labelled?: boolean;
}

/** The one sound that plays on the page; the next one stops it. */
let playing: HTMLAudioElement | null = null;

/** Plays a sound, and stops it. */
export function ListenButton({ source, what = "", disabled = false, labelled = false }: Shown): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const own = useRef<HTMLAudioElement | null>(null);
  const [state, setState] = useState<"still" | "loading" | "playing">("still");
  useEffect(() => () => own.current?.pause(), []);

  const play = async (): Promise<void> => {
    setState("loading");
    try {
      const audio = new Audio(await source());
      playing?.pause();
      playing = own.current = audio;
      audio.onpause = () => setState("still");
      audio.onended = () => setState("still");
      await audio.play();
      setState("playing");
    } catch (error) {
      setState("still");
      // A pause before the sound began is no failure.
      if (!(error instanceof DOMException && error.name === "AbortError")) {
        void message.error(error instanceof DOMException ? t("kit.cannotListen") : String((error as Error).message));
      }
    }
  };
  const words = state === "playing" ? t("kit.stop") : t("kit.listen");
  return (
    <Button
      type={labelled ? "default" : "text"}
      disabled={disabled}
      loading={state === "loading"}
      icon={state === "playing" ? <PauseCircleOutlined /> : <PlayCircleOutlined />}
      aria-label={what ? `${words} ${what}` : words}
      title={words}
      onClick={() => (state === "playing" ? own.current?.pause() : void play())}
    >
      {labelled ? words : undefined}
    </Button>
  );
}
