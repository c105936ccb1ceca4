import { NotificationOutlined } from "@ant-design/icons";
import { Alert, App, Badge, Button, Card, Empty, Flex, Modal, Popover, Tag, Typography } from "antd";
import dayjs from "dayjs";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Fetched } from "../kit/Fetched";
import { instant } from "../kit/format";
import { useLiveRefresh } from "../live/live";
import { showNotice } from "../phone/notices";
import { useMarkRead, useOwnBulletins, type OwnBulletin } from "./data";
import { newlyUnread } from "./unread";

/** Milliseconds: who posts to many makes them all ask at once. */
const SOON = 300;

/** On every page: how much there is to read. Tells of what comes while one works. */
export function BulletinBell(): ReactNode {
  const { t } = useTranslation();
  const bulletins = useOwnBulletins().data ?? [];
  useLiveRefresh(["own-bulletins"], (message) => message.type === "bulletin", SOON);
  useTold();
  const unread = bulletins.filter((one) => one.read_at === null).length;
  const words = t("bulletins.own.bell", { count: unread });
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      destroyOnHidden
      title={t("bulletins.title")}
      content={
        <div style={{ width: 360, maxHeight: 420, overflowY: "auto" }}>
          <List bulletins={bulletins} />
        </div>
      }
    >
      <Button type="text" aria-label={words} title={words}>
        <Badge count={unread} size="small">
          <NotificationOutlined style={{ fontSize: 17 }} />
        </Badge>
      </Button>
    </Popover>
  );
}

/** Says that something new has come. */
function useTold(): void {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const { data } = useOwnBulletins();
  const before = useRef<readonly OwnBulletin[] | null>(null);
  useEffect(() => {
    if (!data) {
      return;
    }
    for (const one of newlyUnread(before.current, data)) {
      notification[one.important ? "warning" : "info"]({
        key: one.id,
        title: `${t("bulletins.own.came")}：${one.title}`,
        description: one.body.slice(0, 120),
        duration: one.important ? 0 : 8,
      });
      showNotice(`${t("bulletins.own.came")}：${one.title}`, one.body.slice(0, 120), one.id);
    }
    before.current = data;
  }, [data, notification, t]);
}

/** On the desk: what is important and was not read yet. */
export function ImportantBulletins(): ReactNode {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const read = useMarkRead();
  const bulletins = (useOwnBulletins().data ?? []).filter((one) => one.important && one.read_at === null);
  return bulletins.map((one) => (
    <Alert
      key={one.id}
      type="warning"
      showIcon
      icon={<NotificationOutlined />}
      title={one.title}
      description={<Text bulletin={one} />}
      action={
        <Button
          type="primary"
          loading={read.isPending && read.variables === one.id}
          onClick={() => {
            notification.destroy(one.id);
            read.mutate(one.id);
          }}
        >
          {t("bulletins.own.confirm")}
        </Button>
      }
    />
  ));
}

export function BulletinsCard(): ReactNode {
  const { t } = useTranslation();
  const bulletins = useOwnBulletins();
  return (
    <Card size="small" title={t("bulletins.title")}>
      <div style={{ maxHeight: 240, overflowY: "auto" }}>
        <Fetched query={bulletins}>{(all) => <List bulletins={all} />}</Fetched>
      </div>
    </Card>
  );
}

function List({ bulletins }: { bulletins: readonly OwnBulletin[] }): ReactNode {
  const { t } = useTranslation();
  const read = useMarkRead();
  const [opened, setOpened] = useState<OwnBulletin | null>(null);
  const open = (one: OwnBulletin): void => {
    setOpened(one);
    if (one.read_at === null) {
      read.mutate(one.id);
    }
  };
  if (bulletins.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("bulletins.own.none")} />;
  }
  return (
    <>
      <ul style={{ margin: 0, padding: 0, listStyle: "none" }} aria-label={t("bulletins.title")}>
        {bulletins.map((one) => (
          <li key={one.id}>
            <Button block type="text" style={{ height: "auto", paddingInline: 4, justifyContent: "start" }} onClick={() => open(one)}>
              <Flex align="center" gap={8} style={{ width: "100%", minWidth: 0 }}>
                {one.read_at === null && <Badge status="processing" title={t("bulletins.own.unread")} />}
                {one.important && <Tag color="red">{t("bulletins.important")}</Tag>}
                <Typography.Text strong={one.read_at === null} ellipsis style={{ flex: 1, textAlign: "start" }}>
                  {one.title}
                </Typography.Text>
                <Typography.Text type="secondary">{dayjs(one.shows_from).format("MM-DD HH:mm")}</Typography.Text>
              </Flex>
            </Button>
          </li>
        ))}
      </ul>
      <Modal open={opened !== null} title={opened?.title} footer={null} onCancel={() => setOpened(null)}>
        {opened && <Text bulletin={opened} />}
      </Modal>
    </>
  );
}

function Text({ bulletin }: { bulletin: OwnBulletin }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {bulletin.body && (
        <Typography.Paragraph style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", marginBottom: 8 }}>{bulletin.body}</Typography.Paragraph>
      )}
      <Typography.Text type="secondary">
        {t("bulletins.own.from", { author: bulletin.author, at: instant(bulletin.shows_from) })}
      </Typography.Text>
    </>
  );
}
