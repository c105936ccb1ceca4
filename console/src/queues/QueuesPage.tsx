import { PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { may, useMe } from "../app/session";
import { FormDrawer } from "../kit/FormDrawer";
import { instant } from "../kit/format";
import { Page } from "../kit/Page";
import { AgentsPicker } from "../kit/pickers";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { useAddQueue, useQueues, useRemoveQueue, type NewQueue, type Queue } from "./data";
import { StrategyField } from "./StrategyField";

/** Every queue. */
export default function QueuesPage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = may(useMe(), "queues.write");
  const queues = useQueues();
  const remove = useRemoveQueue(t("app.removed"));
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("queues.add")}
    </Button>
  );
  return (
    <Page title={t("queues.title")} hint={t("queues.hint")} actions={add}>
      <ResourceTable<Queue>
        name="queues"
        pages={queues}
        rowKey={(queue) => queue.id}
        open={(queue) => void navigate(`/queues/${queue.id}`)}
        empty={`${t("queues.empty")}${t("app.stop")}${t("queues.emptyHint")}`}
        emptyAction={add}
        columns={[
          { title: t("app.nameLabel"), dataIndex: "name" },
          { title: t("queues.extension"), dataIndex: "extension", width: 110 },
          {
            title: t("queues.strategyTitle"),
            dataIndex: "strategy",
            width: 130,
            render: (strategy: Queue["strategy"]) => t(`queues.strategy.${strategy ?? "longest_idle"}`),
          },
          { title: t("queues.answerWithin"), dataIndex: "answer_within", width: 160, align: "right" },
          { title: t("app.changedAt"), dataIndex: "updated_at", width: 180, render: (at: string) => instant(at) },
          {
            key: "actions",
            width: 60,
            render: (_, queue) =>
              mayWrite && <RemoveButton what={queue.name} remove={() => remove.mutateAsync(queue.id)} />,
          },
        ]}
      />
      {isAdding && <AddDrawer close={() => setAdding(false)} />}
    </Page>
  );
}

type Values = Pick<NewQueue, "name" | "extension" | "strategy"> & { agents?: string[] };

function AddDrawer({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const add = useAddQueue();
  const save = async ({ agents = [], extension, ...values }: Values): Promise<void> => {
    const queue = await add.mutateAsync({ ...values, extension: extension || null, agents } as NewQueue & {
      agents: string[];
    });
    void navigate(`/queues/${queue.id}`);
  };
  return (
    <FormDrawer<Values> title={t("queues.add")} initial={{ strategy: "longest_idle" }} save={save} close={close}>
      <Form.Item name="name" label={t("app.nameLabel")} rules={[{ required: true, message: t("app.required") }]}>
        <Input maxLength={100} placeholder={t("queues.example")} />
      </Form.Item>
      <Form.Item name="extension" label={t("queues.extension")} extra={t("queues.extensionHelp")}>
        <Input maxLength={8} inputMode="numeric" />
      </Form.Item>
      <StrategyField />
      <Form.Item name="agents" label={t("queues.members")}>
        <AgentsPicker />
      </Form.Item>
    </FormDrawer>
  );
}
