import { Alert, Button, Descriptions, Flex, Modal, Popconfirm, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useNewSecret, type Agent, type SipLogin } from "./data";

/** What a SIP phone registers as; its secret can be had anew, and is seen once. */
export function SipAccount({ agent }: { agent: Agent }): ReactNode {
  const { t } = useTranslation();
  const make = useNewSecret();
  const [login, setLogin] = useState<SipLogin | null>(null);
  return (
    <Flex vertical gap={8} align="start" style={{ marginBottom: 16 }}>
      <Flex gap={12} align="center">
        <span>
          {t("agents.account")} <Typography.Text copyable>{agent.sip_account ?? ""}</Typography.Text>
        </span>
        <Popconfirm
          title={t("agents.newSecretThis")}
          onConfirm={() => make.mutateAsync(agent.id).then(setLogin, () => undefined)}
        >
          <Button size="small" loading={make.isPending}>
            {t("agents.newSecret")}
          </Button>
        </Popconfirm>
      </Flex>
      <Typography.Text type="secondary">{t("agents.server")}</Typography.Text>
      <Modal
        open={login !== null}
        title={`${t("agents.sipTitle")} · ${agent.name} ${agent.extension}`}
        onCancel={() => setLogin(null)}
        mask={{ closable: false }}
        footer={
          <Button type="primary" onClick={() => setLogin(null)}>
            {t("agents.done")}
          </Button>
        }
      >
        <Flex vertical gap={16}>
          <Alert type="warning" showIcon title={t("agents.secretOnce")} />
          <Descriptions
            column={1}
            items={[
              {
                key: "account",
                label: t("agents.account"),
                children: <Typography.Text copyable>{login?.account ?? ""}</Typography.Text>,
              },
              {
                key: "secret",
                label: t("agents.secret"),
                children: (
                  <Typography.Text copyable code>
                    {login?.secret ?? ""}
                  </Typography.Text>
                ),
              },
            ]}
          />
        </Flex>
      </Modal>
    </Flex>
  );
}
