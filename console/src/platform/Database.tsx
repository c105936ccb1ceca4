import { Card, Descriptions } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { bytes, instant } from "../kit/format";
import type { Status } from "./data";

/** PostgreSQL: which, how large, how busy. */
export function Database({ database }: { database: Status["database"] }): ReactNode {
  const { t } = useTranslation();
  const { version, started_at, size, connections, most_connections, revision } = database;
  return (
    <Card size="small" title={t("platform.database")} style={{ height: "100%" }}>
      <Descriptions
        column={1}
        size="small"
        items={[
          { key: "version", label: t("platform.version"), children: `PostgreSQL ${version}` },
          { key: "since", label: t("platform.since"), children: instant(started_at) },
          { key: "size", label: t("platform.size"), children: bytes(size) },
          {
            key: "connections",
            label: t("platform.connections"),
            children: t("platform.of", { value: connections, most: most_connections }),
          },
          { key: "revision", label: t("platform.revision"), children: revision ?? "—" },
        ]}
      />
    </Card>
  );
}
