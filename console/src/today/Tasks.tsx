import { CheckCircleOutlined, RightOutlined } from "@ant-design/icons";
import { Badge, Card, Empty, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useActing } from "../app/acting";
import { pagesFor } from "../app/pages";
import { useMe } from "../app/session";
import type { TaskKind } from "./data";

/** Where what waits is seen to; the first of these pages that one may open. */
const PLACES: Readonly<Record<TaskKind, readonly string[]>> = {
  unheard_messages: ["voicemail", "own-voicemail"],
  unread_bulletins: ["desk"],
  calls_without_disposition: ["own-calls"],
  waiting_callbacks: ["callbacks"],
  missed_callers: [],
  failed_prompts: ["prompts"],
  unpublished_flows: ["flows"],
  pending_destinations: ["approvals", "destinations"],
  rejected_destinations: ["destinations"],
  pending_caller_numbers: ["approvals", "caller-numbers"],
  failing_webhooks: ["webhooks"],
  platform_troubles: ["platform-status"],
  unreachable_carriers: ["carriers"],
  enterprises_without_funds: ["enterprises"],
  calls_to_no_hotline: ["calls"],
};
/** What is looked for there. */
const WANTED: Partial<Readonly<Record<TaskKind, string>>> = {
  unheard_messages: "?status=new",
  calls_to_no_hotline: "?of_no_enterprise=true",
};
/** What somebody waits for now stands out. */
const URGENT: readonly TaskKind[] = ["unheard_messages", "waiting_callbacks", "missed_callers", "unread_bulletins", "failing_webhooks", "platform_troubles", "unreachable_carriers"];

interface Shown {
  tasks: readonly { readonly kind: TaskKind; readonly count: number }[];
}

/** What waits for somebody, each with the way to it. */
export function Tasks({ tasks }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <Card size="small" title={t("today.tasks")} style={{ height: "100%" }}>
      {tasks.length === 0 ? (
        <Empty image={<CheckCircleOutlined style={{ fontSize: 36, opacity: 0.5 }} />} styles={{ image: { height: 44 } }} description={t("today.nothing")} />
      ) : (
        <ul aria-label={t("today.tasks")} style={{ margin: 0, padding: 0, listStyle: "none" }}>
          {tasks.map(({ kind, count }) => (
            <li key={kind} style={{ paddingBlock: 6 }}>
              <Task kind={kind} count={count} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Task({ kind, count }: { kind: TaskKind; count: number }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const { enterprise } = useActing();
  const open = pagesFor(me, enterprise !== null).map((page) => page.path);
  const place = PLACES[kind].find((path) => open.includes(path));
  const words = (
    <Flex gap={8} align="center" justify="space-between">
      <Flex gap={8} align="center">
        <Badge status={URGENT.includes(kind) ? "error" : "default"} />
        <Typography.Text>{t(`today.task.${kind}`, { count })}</Typography.Text>
      </Flex>
      {place && <RightOutlined style={{ fontSize: 11 }} />}
    </Flex>
  );
  return place ? <Link to={`/${place}${WANTED[kind] ?? ""}`}>{words}</Link> : words;
}
