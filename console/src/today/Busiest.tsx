import { Button, Table } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useActing } from "../app/acting";
import type { EnterpriseDay } from "./data";

/** Which enterprises have most calls today. */
export default function Busiest({ enterprises }: { enterprises: EnterpriseDay[] }): ReactNode {
  const { t } = useTranslation();
  const { enter } = useActing();
  const columns = useMemo(
    (): TableColumnsType<EnterpriseDay> => [
      { title: t("today.enterprise"), dataIndex: "name" },
      { title: t("today.calls"), dataIndex: "calls", width: 120, align: "right" },
      { title: t("today.answered"), dataIndex: "answered", width: 120, align: "right" },
      { title: t("today.inProgress"), dataIndex: "in_progress", width: 120, align: "right" },
      {
        title: "",
        width: 120,
        render: (_, one) => (
          <Button size="small" type="link" onClick={() => enter({ id: one.enterprise_id, name: one.name })}>
            {t("nav.enter")}
          </Button>
        ),
      },
    ],
    [t, enter],
  );
  return (
    <Table<EnterpriseDay>
      rowKey="enterprise_id"
      size="small"
      columns={columns}
      dataSource={enterprises}
      pagination={false}
      scroll={{ x: 600 }}
      locale={{ emptyText: t("today.noCalls") }}
    />
  );
}
