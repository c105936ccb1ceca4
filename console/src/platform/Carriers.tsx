import { Badge, Card, Empty, Flex } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Carrier } from "./data";

/** The carriers in use, and whether the switches reach them. */
export function Carriers({ carriers }: { carriers: readonly Carrier[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Card
      size="small"
      title={t("platform.carriers")}
      style={{ height: "100%" }}
      extra={<Link to="/carriers">{t("platform.toCarriers")}</Link>}
    >
      {carriers.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("platform.noCarriers")} />}
      <Flex vertical gap={8}>
        {carriers.map((carrier) => (
          <Flex key={carrier.name} justify="space-between" gap={8}>
            <span>{carrier.title || carrier.name}</span>
            <Reached carrier={carrier} />
          </Flex>
        ))}
      </Flex>
    </Card>
  );
}

function Reached({ carrier: { reached } }: { carrier: Carrier }): ReactNode {
  const { t } = useTranslation();
  if (reached === null) {
    return <Badge status="warning" text={t("platform.notSeen")} />;
  }
  return <Badge status={reached ? "success" : "error"} text={reached ? t("platform.reached") : t("platform.missed")} />;
}
