import { PlusOutlined } from "@ant-design/icons";
import { Button, Tag } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useNames } from "../kit/names";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { BoxDrawer } from "./BoxDrawer";
import { useBoxes, useRemoveBox, type Box } from "./data";
import { ownerOf } from "./owner";

/** Where callers leave messages. */
export default function BoxesPage(): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  const mayWrite = may(useMe(), "voicemail_boxes.write");
  const boxes = useBoxes();
  const remove = useRemoveBox(t("app.removed"));
  const [edited, setEdited] = useState<Box | "new" | null>(null);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
      {t("voicemail.newBox")}
    </Button>
  );
  const nameOf = (box: Box): string =>
    names.hotline(box.hotline_id) || names.queue(box.queue_id) || names.agent(box.agent_id);
  return (
    <Page title={t("voicemail.boxes")} hint={t("voicemail.boxesHint")} actions={add}>
      <ResourceTable<Box>
        name="voicemail-boxes"
        pages={boxes}
        rowKey={(box) => box.id}
        {...(mayWrite ? { open: setEdited } : {})}
        empty={t("voicemail.boxesEmpty")}
        emptyAction={add}
        columns={[
          { title: t("app.nameLabel"), dataIndex: "name" },
          {
            title: t("voicemail.owner"),
            key: "owner",
            render: (_, box) => (
              <>
                <Tag>{t(`voicemail.ownerOf.${ownerOf(box)}`)}</Tag>
                {nameOf(box)}
              </>
            ),
          },
          { title: t("voicemail.maxSeconds"), dataIndex: "max_seconds", width: 130, align: "right" },
          {
            key: "actions",
            width: 60,
            render: (_, box) =>
              mayWrite && <RemoveButton what={box.name} remove={() => remove.mutateAsync(box.id)} />,
          },
        ]}
      />
      {edited && <BoxDrawer box={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </Page>
  );
}
