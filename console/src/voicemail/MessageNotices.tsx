import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useLive } from "../live/live";

/** Says on every page that somebody has left a message which one may hear. */
export function MessageNotices({ at }: { at: string }): ReactNode {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  useLive((message) => {
    if (message.type !== "voicemail_left") {
      return;
    }
    const key = String(message["message_id"]);
    const look = (): void => {
      notification.destroy(key);
      void navigate(`${at}?status=new`);
    };
    notification.info({
      key,
      placement: "bottomLeft",
      title: t("voicemail.arrived"),
      actions: (
        <Button type="primary" size="small" onClick={look}>
          {t("voicemail.look")}
        </Button>
      ),
    });
    for (const shown of ["messages", "today"]) {
      void client.invalidateQueries({ queryKey: [shown] });
    }
  });
  return null;
}
