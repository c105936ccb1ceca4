import { Descriptions, Drawer, Empty, Flex, Table, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { changesOf, type Change } from "./changes";
import type { AuditEntry } from "./data";
import { useAuditWords } from "./useAuditWords";

/** One change in full: each field as it was and as it is. */
export function EntryDrawer({ entry, close }: { entry: AuditEntry; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const words = useAuditWords();
  const changes = changesOf(entry.changes);
  const text = (value: string): ReactNode =>
    value ? (
      <span style={{ wordBreak: "break-word", whiteSpace: "pre-wrap" }}>{words.value(value)}</span>
    ) : (
      <Typography.Text type="secondary">{t("audit.nothing")}</Typography.Text>
    );
  return (
    <Drawer open size={640} title={words.action(entry)} onClose={close}>
      <Flex vertical gap={16}>
        <Descriptions
          column={1}
          size="small"
          items={[
            { key: "at", label: t("audit.at"), children: instant(entry.at) },
            {
              key: "actor",
              label: t("audit.actor"),
              children: `${entry.actor_name} · ${t(`audit.actorKind.${entry.actor_kind}`)}`,
            },
            { key: "address", label: t("audit.address"), children: entry.address || t("app.none") },
            {
              key: "object",
              label: t("audit.objectId"),
              children: (
                <Typography.Text copyable code>
                  {entry.object_id}
                </Typography.Text>
              ),
            },
          ]}
        />
        {changes.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("audit.noChanges")} />
        ) : (
          <Table<Change>
            size="small"
            rowKey={(change) => change.field}
            pagination={false}
            dataSource={changes}
            columns={[
              { title: t("audit.field"), dataIndex: "field", width: 140, render: (name: string) => words.field(name) },
              { title: t("audit.before"), dataIndex: "before", render: text },
              { title: t("audit.after"), dataIndex: "after", render: text },
            ]}
          />
        )}
      </Flex>
    </Drawer>
  );
}
