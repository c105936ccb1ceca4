import { ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Form, Input, Switch, Tag } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAddressFilters } from "../kit/filters";
import { phone } from "../kit/format";
import { ImportDialog } from "../kit/ImportDialog";
import { Page } from "../kit/Page";
import { RemoveButton } from "../kit/RemoveButton";
import { ResourceTable } from "../kit/ResourceTable";
import { AgentDrawer } from "./AgentDrawer";
import { importAgents, useAgentPages, useRemoveAgent, type Agent } from "./data";

const NAMES = ["text", "enabled"] as const;
const EXAMPLE = "分机,姓名,登录名,接听号码,技能\n1001,王芳,chenxing.wang,13900000002,英语:8;退款:5\n1002,李娜";

/** Who takes calls. */
export default function AgentsPage(): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "agents.write");
  const { filters, set } = useAddressFilters(NAMES);
  const isEnabledOnly = filters.enabled === "yes";
  const agents = useAgentPages({ text: filters.text, ...(isEnabledOnly ? { enabled: true } : {}) });
  const remove = useRemoveAgent(t("app.removed"));
  const [edited, setEdited] = useState<Agent | "new" | null>(null);
  const [isImporting, setImporting] = useState(false);
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
      {t("agents.add")}
    </Button>
  );
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page
      title={t("agents.title")}
      hint={t("agents.hint")}
      actions={
        mayWrite && (
          <>
            <Button icon={<ImportOutlined />} onClick={() => setImporting(true)}>
              {t("agents.import")}
            </Button>
            {add}
          </>
        )
      }
    >
      <ResourceTable<Agent>
        name="agents"
        pages={agents}
        rowKey={(agent) => agent.id}
        {...(mayWrite ? { open: setEdited } : {})}
        filters={
          <>
            <Input.Search
              key={filters.text ?? ""}
              allowClear
              style={{ width: 220 }}
              aria-label={t("agents.find")}
              placeholder={t("agents.find")}
              defaultValue={filters.text ?? ""}
              onSearch={(text) => set({ text: text.trim() })}
            />
            <Flex component="label" gap={8} align="center">
              <Switch checked={isEnabledOnly} onChange={(on) => set({ enabled: on ? "yes" : null })} />
              {t("agents.only")}
            </Flex>
          </>
        }
        empty={isFiltered ? t("agents.emptyFiltered") : `${t("agents.empty")}${t("app.stop")}${t("agents.emptyHint")}`}
        emptyAction={!isFiltered && add}
        columns={[
          { title: t("agents.extension"), dataIndex: "extension", width: 90 },
          {
            title: t("agents.name"),
            dataIndex: "name",
            width: 150,
            render: (name: string, agent) => (
              <>
                {name} {!agent.enabled && <Tag>{t("agents.off")}</Tag>}
              </>
            ),
          },
          {
            title: t("agents.device"),
            dataIndex: "device",
            width: 190,
            render: (device: Agent["device"], agent) =>
              [t(`agents.deviceName.${device}`), device === "phone" && phone(agent.phone_number ?? "")]
                .filter(Boolean)
                .join(" "),
          },
          {
            title: t("agents.skills"),
            key: "skills",
            render: (_, agent) => (
              <Flex wrap gap={4}>
                {Object.entries(agent.skills).map(([skill, level]) => (
                  <Tag key={skill}>
                    {skill} {level}
                  </Tag>
                ))}
              </Flex>
            ),
          },
          {
            title: t("agents.shown"),
            dataIndex: "outbound_number",
            width: 150,
            render: (number: string | null) => phone(number ?? ""),
          },
          {
            key: "actions",
            width: 60,
            render: (_, agent) =>
              mayWrite && (
                <RemoveButton
                  what={`${agent.name} ${agent.extension}`}
                  remove={() => remove.mutateAsync(agent.id)}
                />
              ),
          },
        ]}
      />
      {edited && <AgentDrawer agent={edited === "new" ? null : edited} close={() => setEdited(null)} />}
      {isImporting && <Import close={() => setImporting(false)} />}
    </Page>
  );
}

const WHOLE_LIST = 10_000;

function Import({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const [isAllOrNothing, setAllOrNothing] = useState(false);
  return (
    <ImportDialog
      title={t("agents.importTitle")}
      hint={t("agents.importHint")}
      example={EXAMPLE}
      send={(text) => importAgents(text, isAllOrNothing)}
      touches={["agents", "agent-states"]}
      close={close}
      {...(isAllOrNothing ? { atOnce: WHOLE_LIST } : {})}
      options={
        <Form.Item label={t("agents.allOrNothing")} style={{ marginBottom: 0 }}>
          <Switch checked={isAllOrNothing} onChange={setAllOrNothing} aria-label={t("agents.allOrNothing")} />
        </Form.Item>
      }
    />
  );
}
