import { Badge, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useConnected } from "../live/live";
import { useTitle } from "./title";

interface Shown {
  title: ReactNode;
  /** A sentence on what the page is for. */
  hint?: ReactNode;
  /** Shows whether the live connection stands. */
  live?: boolean;
  /** What can be done here: buttons on the right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of a page: its name, what can be done, its content. */
export function Page({ title, hint, live = false, actions, children }: Shown): ReactNode {
  useTitle(typeof title === "string" ? title : null);
  return (
    <Flex vertical gap={16} style={{ padding: 24 }}>
      <Flex justify="space-between" align="center" wrap gap={12}>
        <Flex align="baseline" gap={16} wrap>
          <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
            {title}
          </Typography.Title>
          {live && <LiveBadge />}
          {hint && <Typography.Text type="secondary">{hint}</Typography.Text>}
        </Flex>
        {actions && <Flex gap={8}>{actions}</Flex>}
      </Flex>
      {children}
    </Flex>
  );
}

function LiveBadge(): ReactNode {
  const { t } = useTranslation();
  const connected = useConnected();
  if (connected === null) {
    return null;
  }
  return (
    <Badge status={connected ? "processing" : "warning"} text={connected ? t("app.live") : t("app.liveOff")} />
  );
}
