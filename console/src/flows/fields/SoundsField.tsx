import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Segmented, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { PromptPicker } from "../../kit/PromptPicker";
import { isRecord } from "../graph";
import { noticeName } from "../shown";

interface Sound {
  readonly prompt?: string | null;
  readonly notice?: string | null;
}

interface Shown {
  value: unknown;
  onChange: (sounds: Sound[]) => void;
  /** The platform's own announcements. */
  notices: readonly string[];
}

/** What is said, part after part: prompts of the enterprise or announcements of the platform. */
export function SoundsField({ value, onChange, notices }: Shown): ReactNode {
  const { t } = useTranslation();
  const sounds = Array.isArray(value) ? value.filter(isRecord).map((one): Sound => one) : [];
  const put = (place: number, sound: Sound): void => onChange(sounds.map((one, at) => (at === place ? sound : one)));
  const swap = (place: number): void => {
    const [one, other] = [sounds[place], sounds[place + 1]];
    if (one && other) {
      onChange([...sounds.slice(0, place), other, one, ...sounds.slice(place + 2)]);
    }
  };
  return (
    <Flex vertical gap={8}>
      {sounds.map((sound, place) => (
        <Flex vertical gap={4} key={place} role="group" aria-label={t("flows.sound", { number: place + 1 })}>
          <Flex justify="space-between">
            <Segmented
              size="small"
              value={isNotice(sound) ? "notice" : "prompt"}
              options={[
                { value: "prompt", label: t("flows.fromPrompts") },
                { value: "notice", label: t("flows.fromNotices") },
              ]}
              onChange={(is) => put(place, is === "notice" ? { notice: notices[0] ?? null } : { prompt: null })}
            />
            <span>
              <Button size="small" type="text" disabled={place === 0} icon={<ArrowUpOutlined />} aria-label={t("flows.earlier")} onClick={() => swap(place - 1)} />
              <Button size="small" type="text" disabled={place === sounds.length - 1} icon={<ArrowDownOutlined />} aria-label={t("flows.later")} onClick={() => swap(place)} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("app.remove")} onClick={() => onChange(sounds.filter((_, at) => at !== place))} />
            </span>
          </Flex>
          <SoundPicker sound={sound} notices={notices} onChange={(changed) => put(place, changed)} />
        </Flex>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...sounds, { prompt: null }])}>
        {t("flows.addSound")}
      </Button>
    </Flex>
  );
}

function isNotice(sound: Sound): boolean {
  return typeof sound.notice === "string";
}

function SoundPicker({ sound, notices, onChange }: { sound: Sound; notices: readonly string[]; onChange: (sound: Sound) => void }): ReactNode {
  const { t, i18n } = useTranslation();
  if (isNotice(sound)) {
    return (
      <Select
        aria-label={t("flows.fromNotices")}
        showSearch={{ optionFilterProp: "label" }}
        value={sound.notice ?? null}
        options={notices.map((notice) => ({ value: notice, label: noticeName(i18n, notice) }))}
        onChange={(notice) => onChange({ notice })}
      />
    );
  }
  return (
    <PromptPicker
      aria-label={t("flows.fromPrompts")}
      placeholder={t("flows.choosePrompt")}
      value={sound.prompt ?? null}
      onChange={(prompt) => onChange({ prompt })}
    />
  );
}
