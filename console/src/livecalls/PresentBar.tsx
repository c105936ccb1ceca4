import { Alert, Button, Flex, Segmented } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useLeave, useSupervise, type Mode, type OwnSupervision } from "./data";

/** At which call I am, how, and the other ways to be there. */
export function PresentBar({ present, who }: { present: OwnSupervision; who: string }): ReactNode {
  const { t } = useTranslation();
  const supervise = useSupervise();
  const leave = useLeave(t("livecalls.left"));
  const nameOf = (mode: Mode): string => (mode === "take_over" ? t("livecalls.takeOver") : t(`livecalls.${mode}`));
  return (
    <Alert
      type={present.isRinging ? "info" : "success"}
      showIcon
      title={
        present.isRinging
          ? t("livecalls.ringing", { mode: nameOf(present.mode) })
          : `${t("livecalls.presentAs", { mode: nameOf(present.mode) })} · ${who}`
      }
      action={
        <Flex gap={8}>
          {!present.isRinging && (
            <Segmented<Mode>
              value={present.mode}
              disabled={supervise.isPending}
              options={(["listen", "whisper", "barge", "take_over"] as const).map((mode) => ({
                value: mode,
                label: nameOf(mode),
                tooltip: t(`livecalls.help.${mode}`),
              }))}
              onChange={(mode) => supervise.mutate({ callId: present.callId, mode, isThere: true })}
            />
          )}
          <Button danger loading={leave.isPending} onClick={() => leave.mutate(present.callId)}>
            {t("livecalls.leave")}
          </Button>
        </Flex>
      }
    />
  );
}
