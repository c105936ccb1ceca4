import { Drawer, Empty, Table, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { useReaders, type Bulletin, type BulletinReader } from "./data";

/** Whom a bulletin is for, and who has read it. */
export function ReadersDrawer({ bulletin, close }: { bulletin: Bulletin; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const readers = useReaders(bulletin.id);
  return (
    <Drawer open size={420} title={t("bulletins.readers")} onClose={close}>
      <Typography.Paragraph strong>{bulletin.title}</Typography.Paragraph>
      {readers.isError ? (
        <LoadFailed error={readers.error} retry={() => void readers.refetch()} />
      ) : (
        <Table<BulletinReader>
          size="small"
          rowKey="agent_id"
          pagination={false}
          loading={readers.isPending}
          dataSource={readers.data ?? []}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("bulletins.noReaders")} /> }}
          columns={[
            { title: t("bulletins.reader"), render: (_, one) => `${one.name} ${one.extension}` },
            {
              title: t("bulletins.readAt"),
              width: 180,
              render: (_, one) =>
                one.read_at ? instant(one.read_at) : <Typography.Text type="secondary">{t("bulletins.notRead")}</Typography.Text>,
            },
          ]}
        />
      )}
    </Drawer>
  );
}
