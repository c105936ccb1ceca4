import { PlusOutlined } from "@ant-design/icons";
import { Button, Popconfirm, Popover, Tag, Typography } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant } from "../kit/format";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { ShownOnce } from "../kit/ShownOnce";
import { statusOf, useApiKeys, useRevokeKey, type ApiKey, type KeyStatus, type MadeApiKey, type Whose } from "./data";
import { KeyDrawer } from "./KeyDrawer";
import { areaOf, verbOf } from "./scopes";

const COLOURS: Readonly<Record<KeyStatus, string>> = { valid: "green", revoked: "default", expired: "orange" };

/** The keys of an enterprise or of the operator. */
export function KeysPage({ whose, title, hint }: { whose: Whose; title: string; hint: string }): ReactNode {
  const { t } = useTranslation();
  const keys = useApiKeys(whose);
  const columns = useColumns(whose);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<MadeApiKey | null>(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {t("apikeys.add")}
    </Button>
  );
  return (
    <Page title={title} hint={hint} actions={add}>
      <ResourceTable<ApiKey>
        name="api-keys"
        pages={keys}
        columns={columns}
        rowKey={(key) => key.id}
        empty={t("apikeys.empty")}
        emptyAction={add}
      />
      {isMaking && <KeyDrawer whose={whose} made={setMade} close={() => setMaking(false)} />}
      {made && (
        <ShownOnce
          title={t("apikeys.made", { name: made.name })}
          secret={made.key}
          hint={t("apikeys.madeHint")}
          close={() => setMade(null)}
        />
      )}
    </Page>
  );
}

function useColumns(whose: Whose): TableColumnsType<ApiKey> {
  const { t } = useTranslation();
  const revoke = useRevokeKey(whose);
  return [
    {
      title: t("apikeys.name"),
      dataIndex: "name",
      render: (name: string) => <Typography.Text strong>{name}</Typography.Text>,
    },
    {
      title: t("apikeys.prefix"),
      dataIndex: "prefix",
      width: 160,
      render: (prefix: string) => <Typography.Text code>{`hl_${prefix}_…`}</Typography.Text>,
    },
    { title: t("apikeys.scopes"), dataIndex: "scopes", width: 100, render: (scopes: string[]) => <Scopes scopes={scopes} /> },
    {
      title: t("apikeys.statusTitle"),
      key: "status",
      width: 100,
      render: (_, key) => <Tag color={COLOURS[statusOf(key)]}>{t(`apikeys.status.${statusOf(key)}`)}</Tag>,
    },
    {
      title: t("apikeys.used"),
      dataIndex: "last_used_at",
      width: 180,
      render: (at: string | null) => (at ? instant(at) : t("apikeys.neverUsed")),
    },
    {
      title: t("apikeys.expires"),
      dataIndex: "expires_at",
      width: 180,
      render: (at: string | null) => (at ? instant(at) : t("apikeys.forever")),
    },
    { title: t("apikeys.createdAt"), dataIndex: "created_at", width: 180, render: (at: string) => instant(at) },
    {
      key: "actions",
      width: 90,
      render: (_, key) =>
        statusOf(key) === "valid" && (
          <Popconfirm
            title={t("apikeys.revokeThis", { name: key.name })}
            description={t("apikeys.revokeHelp")}
            okText={t("apikeys.revoke")}
            okButtonProps={{ danger: true }}
            styles={{ root: { maxWidth: 340 } }}
            onConfirm={() => revoke.mutateAsync(key.id).catch(() => undefined)}
          >
            <Button danger type="text" size="small">
              {t("apikeys.revoke")}
            </Button>
          </Popconfirm>
        ),
    },
  ];
}

/** How many, and which on pointing at them. */
function Scopes({ scopes }: { scopes: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  const words = scopes.map((scope) => `${t(`apikeys.area.${areaOf(scope)}`)} · ${t(`apikeys.verb.${verbOf(scope)}`)}`);
  return (
    <Popover
      trigger={["hover", "focus", "click"]}
      styles={{ root: { maxWidth: 420 } }}
      content={words.map((one) => (
        <Tag key={one} style={{ marginBlock: 2 }}>
          {one}
        </Tag>
      ))}
    >
      <Button type="link" size="small" style={{ paddingInline: 0 }}>
        {t("apikeys.count", { count: scopes.length })}
      </Button>
    </Popover>
  );
}
