import { PlusOutlined } from "@ant-design/icons";
import { Button, Segmented, Space, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAddressFilters } from "../kit/filters";
import { instant } from "../kit/format";
import { useNames } from "../kit/names";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useLiveRefresh } from "../live/live";
import { BulletinDrawer } from "./BulletinDrawer";
import { useBulletins, useRemoveBulletin, type Bulletin, type Stage } from "./data";
import { ReadersDrawer } from "./ReadersDrawer";

const STAGES = ["shown", "planned", "over"] as const satisfies readonly Stage[];
const COLOURS = { shown: "green", planned: "blue", over: "default" } as const;
const FILTERS = ["stage"] as const;

/** What is posted for agents to read, and who has read it. */
export default function BulletinsPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "bulletins.write");
  const { filters, set } = useAddressFilters(FILTERS);
  const stage = STAGES.find((one) => one === filters.stage) ?? null;
  const bulletins = useBulletins(stage);
  useLiveRefresh(["bulletins"], ({ type }) => type === "bulletin" || type === "bulletin_read");
  const [edited, setEdited] = useState<Bulletin | "new" | null>(null);
  const [asked, setAsked] = useState<Bulletin | null>(null);
  const columns = useColumns(setAsked, mayWrite);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
      {t("bulletins.add")}
    </Button>
  );
  return (
    <Page title={t("bulletins.title")} hint={t("bulletins.hint")} actions={mayWrite && add}>
      <ResourceTable<Bulletin>
        name="bulletins"
        pages={bulletins}
        columns={columns}
        rowKey={(one) => one.id}
        {...(mayWrite && { open: setEdited })}
        filters={
          <Segmented
            aria-label={t("bulletins.stageTitle")}
            value={stage ?? ""}
            options={[{ value: "", label: t("app.all") }, ...STAGES.map((value) => ({ value, label: t(`bulletins.stage.${value}`) }))]}
            onChange={(value) => set({ stage: value })}
          />
        }
        empty={stage ? t("bulletins.emptyStage") : t("bulletins.empty")}
        emptyAction={mayWrite && !stage && add}
      />
      {edited && <BulletinDrawer bulletin={edited === "new" ? null : edited} close={() => setEdited(null)} />}
      {asked && <ReadersDrawer bulletin={asked} close={() => setAsked(null)} />}
    </Page>
  );
}

function useColumns(ask: (bulletin: Bulletin) => void, mayWrite: boolean): TableColumnsType<Bulletin> {
  const { t } = useTranslation();
  const names = useNames();
  const remove = useRemoveBulletin(t("app.removed")).mutateAsync;
  return useMemo(
    () => [
      {
        title: t("bulletins.name"),
        dataIndex: "title",
        ellipsis: true,
        render: (title: string, one) => (
          <Space size={8}>
            {one.important && <Tag color="red">{t("bulletins.important")}</Tag>}
            <Typography.Text strong>{title}</Typography.Text>
          </Space>
        ),
      },
      {
        title: t("bulletins.stageTitle"),
        dataIndex: "stage",
        width: 100,
        render: (stage: Stage) => <Tag color={COLOURS[stage]}>{t(`bulletins.stage.${stage}`)}</Tag>,
      },
      {
        title: t("bulletins.audience"),
        dataIndex: "queue_id",
        width: 140,
        render: (queue: string | null) => (queue ? names.queue(queue) : t("bulletins.everybody")),
      },
      {
        title: t("bulletins.readTitle"),
        key: "read",
        width: 110,
        render: (_, one) => {
          const count = t("bulletins.readOf", { read: one.read, readers: one.readers });
          return (
            <Button type="link" size="small" aria-label={`${count} ${t("bulletins.readers")} ${one.title}`} onClick={() => ask(one)}>
              {count}
            </Button>
          );
        },
      },
      {
        title: t("bulletins.time"),
        key: "time",
        width: 210,
        render: (_, one) => (
          <>
            {instant(one.shows_from)}
            {one.shows_until && <div>– {instant(one.shows_until)}</div>}
          </>
        ),
      },
      { title: t("bulletins.author"), dataIndex: "author", width: 110, ellipsis: true },
      {
        key: "actions",
        width: 60,
        render: (_, one) => mayWrite && <RemoveButton what={one.title} remove={() => remove(one.id)} />,
      },
    ],
    [t, names, ask, remove, mayWrite],
  );
}
