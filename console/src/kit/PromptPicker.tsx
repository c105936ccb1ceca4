import { Flex } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "../api/client";
import { useAllPrompts } from "./choices";
import { ListenButton } from "./ListenButton";
import { SilentPromptPicker, type OneShown } from "./pickers";

/** Chooses a prompt, and lets one hear it. */
export function PromptPicker(shown: OneShown): ReactNode {
  const { t } = useTranslation();
  const chosen = useAllPrompts().data?.find((one) => one.id === shown.value);
  return (
    <Flex vertical gap={2}>
      <Flex gap={4}>
        <SilentPromptPicker {...shown} />
        <ListenButton
          what={chosen?.name ?? ""}
          disabled={!chosen?.playable}
          source={() => addressOf(`/api/v1/prompts/${shown.value ?? ""}/audio`)}
        />
      </Flex>
      {chosen && !chosen.playable && <small style={{ opacity: 0.65 }}>{t("kit.notReady")}</small>}
    </Flex>
  );
}
