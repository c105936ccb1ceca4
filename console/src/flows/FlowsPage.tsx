import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Tag } from "antd";
import type { TableColumnsType } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { may, useMe } from "../app/session";
import { useAllHotlines } from "../kit/choices";
import { instant, phone } from "../kit/format";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useFlows, useRemoveFlow, type Flow } from "./data";
import { graphOf } from "./graph";
import { NewFlow } from "./NewFlow";

export default function FlowsPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const go = useNavigate();
  const flows = useFlows();
  const columns = useColumns();
  const [isNew, setNew] = useState(false);
  const create = may(me, "flows.write") && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setNew(true)}>
      {t("flows.create")}
    </Button>
  );
  return (
    <Page title={t("flows.title")} hint={t("flows.pageHint")} actions={create}>
      <ResourceTable
        name="flows"
        pages={flows}
        columns={columns}
        rowKey={(flow) => flow.id}
        open={(flow) => void go(`/flows/${flow.id}`)}
        empty={t("flows.empty")}
        emptyAction={create}
      />
      {isNew && <NewFlow close={() => setNew(false)} />}
    </Page>
  );
}

function useColumns(): TableColumnsType<Flow> {
  const { t } = useTranslation();
  const me = useMe();
  const hotlines = useAllHotlines().data;
  const { mutateAsync: remove } = useRemoveFlow();
  return useMemo(
    () => [
      { title: t("app.nameLabel"), dataIndex: "name", render: (name: string, flow) => <Link to={`/flows/${flow.id}`}>{name}</Link> },
      {
        title: t("flows.state"),
        width: 160,
        render: (_, flow) =>
          flow.published_version === null ? (
            <Tag>{t("flows.never")}</Tag>
          ) : (
            <Tag color="green">{t("flows.live", { version: flow.published_version })}</Tag>
          ),
      },
      {
        title: t("flows.usedBy"),
        render: (_, flow) => {
          const using = hotlines?.filter((hotline) => hotline.flow_id === flow.id) ?? [];
          return using.length === 0 ? (
            <span style={{ opacity: 0.6 }}>{t("flows.unused")}</span>
          ) : (
            <Flex wrap gap={4}>
              {using.map((hotline) => (
                <Tag key={hotline.id}>{phone(hotline.number)}</Tag>
              ))}
            </Flex>
          );
        },
      },
      { title: t("flows.nodes"), width: 90, align: "right", render: (_, flow) => graphOf(flow.draft).nodes.length },
      { title: t("flows.changedAt"), dataIndex: "updated_at", width: 190, render: (at: string) => instant(at) },
      {
        title: "",
        width: 60,
        render: (_, flow) => may(me, "flows.write") && <RemoveButton what={flow.name} remove={() => remove(flow.id)} />,
      },
    ],
    [t, me, hotlines, remove],
  );
}
