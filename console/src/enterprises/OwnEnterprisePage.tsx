import { Alert, Card, Descriptions, Flex, Skeleton, Statistic, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useAllAgents, useAllHotlines } from "../kit/choices";
import { day, yuan } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { useOwnEnterprise, type Enterprise } from "./data";

/** The enterprise that one is in. */
export default function OwnEnterprisePage(): ReactNode {
  const { t } = useTranslation();
  const { data, error, refetch } = useOwnEnterprise();
  return (
    <Page title={t("enterprises.own.title")} hint={t("enterprises.own.hint")}>
      {data && <About enterprise={data} />}
      {!data && error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
    </Page>
  );
}

function About({ enterprise }: { enterprise: Enterprise }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {isUsedUp(enterprise) && <Alert type="warning" showIcon title={t("enterprises.own.low")} />}
      <Flex gap={16} wrap>
        <Figure title={t("enterprises.balance")} value={yuan(enterprise.balance)} />
        <Figure title={t("enterprises.creditLimit")} value={yuan(enterprise.credit_limit)} />
        <Size title={t("enterprises.own.hotlines")} to="/hotlines" count={useAllHotlines().data?.length} />
        <Size title={t("enterprises.own.agents")} to="/agents" count={useAllAgents().data?.length} />
      </Flex>
      <Card>
        <Descriptions
          column={1}
          items={[
            { key: "name", label: t("enterprises.name"), children: enterprise.name },
            {
              key: "status",
              label: t("enterprises.statusTitle"),
              children: (
                <Tag color={enterprise.status === "active" ? "green" : "red"}>
                  {t(`enterprises.status.${enterprise.status}`)}
                </Tag>
              ),
            },
            { key: "since", label: t("enterprises.createdAt"), children: day(enterprise.created_at) },
            {
              key: "id",
              label: t("enterprises.own.id"),
              children: (
                <span title={t("enterprises.own.idHelp")}>
                  <Typography.Text copyable code>
                    {enterprise.id}
                  </Typography.Text>
                </span>
              ),
            },
          ]}
        />
      </Card>
    </>
  );
}

/** Whether nothing is left to spend: a hint only, the server decides on calls. */
function isUsedUp({ balance, credit_limit }: Enterprise): boolean {
  return Number(balance) + Number(credit_limit) < 0;
}

function Figure({ title, value }: { title: string; value: string }): ReactNode {
  return (
    <Card size="small" style={{ minWidth: 180 }}>
      <Statistic title={title} value={value} />
    </Card>
  );
}

function Size({ title, to, count }: { title: string; to: string; count: number | undefined }): ReactNode {
  return (
    <Card size="small" style={{ minWidth: 140 }}>
      <Link to={to}>
        <Statistic title={title} value={count ?? "—"} />
      </Link>
    </Card>
  );
}
