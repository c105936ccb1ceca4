import { Empty, Flex, Skeleton, Table, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { may, useMe } from "../app/session";
import { Elapsed } from "../kit/Elapsed";
import { phone } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { useNames } from "../kit/names";
import { Page } from "../kit/Page";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { CallActions } from "./CallActions";
import { useOpenCalls, useOwnSupervision, type OpenCall } from "./data";
import { PresentBar } from "./PresentBar";

const PLACE_COLOURS: Readonly<Record<OpenCall["place"], string>> = {
  arriving: "default",
  greeting: "default",
  flow: "cyan",
  queue: "orange",
  ringing: "gold",
  talking: "blue",
  on_hold: "purple",
  message: "magenta",
  survey: "green",
};

/** Every call that goes on, where its caller is, and what a supervisor may do to it. */
export default function LiveCallsPage(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const calls = useOpenCalls();
  const own = useOwnSupervision();
  useLiveRefresh(
    ["live-calls"],
    (message) => message.call_id !== undefined || message.type === "queue_entry",
  );
  useLiveRefresh(
    ["agent-states", "own-supervision"],
    (message) => message["agent_id"] === own.agentId && (message.type === "agent_state" || message.type === "supervision"),
    200,
  );
  const items = calls.data?.items ?? [];
  const at = Date.parse(calls.data?.at ?? "");
  const mine = items.find((call) => call.call_id === own.present?.callId);
  return (
    <Page title={t("livecalls.title")} live hint={may(me, "calls.supervise") && own.isKnown && own.agentId === null && t("livecalls.noDevice")}>
      {own.present && <PresentBar present={own.present} who={mine ? phone(mine.caller) : ""} />}
      {calls.isError && !calls.data && <LoadFailed error={calls.error} retry={() => void calls.refetch()} />}
      <Table<OpenCall>
        rowKey="call_id"
        size="middle"
        loading={calls.isPending}
        dataSource={items}
        pagination={false}
        scroll={{ x: 980 }}
        locale={{
          emptyText: calls.isPending ? (
            <Skeleton active />
          ) : (
            <Empty description={`${t("livecalls.empty")}${t("app.stop")}${t("livecalls.emptyHint")}`} />
          ),
        }}
        columns={[
          {
            title: t("livecalls.caller"),
            width: 190,
            render: (_, call) => (
              <Flex vertical>
                <Tel number={call.caller} otherwise={t("calls.anonymous")} />
                <Typography.Text type="secondary" style={{ fontSize: 12 }}>
                  {[...new Set([call.province, call.city])].filter(Boolean).join(" ")}{" "}
                  <Link to={`/calls/${call.call_id}`}>{t("calls.detail")}</Link>
                </Typography.Text>
              </Flex>
            ),
          },
          {
            title: t("livecalls.hotline"),
            width: 150,
            render: (_, call) => (
              <Flex vertical>
                <span>{names.hotline(call.hotline_id) || phone(call.dialled)}</span>
                <Typography.Text type="secondary" style={{ fontSize: 12 }}>
                  {t(`calls.direction.${call.direction}`)}
                </Typography.Text>
              </Flex>
            ),
          },
          {
            title: t("livecalls.place"),
            width: 190,
            render: (_, call) => (
              <>
                <Tag color={PLACE_COLOURS[call.place]} style={{ marginInlineEnd: 8 }}>
                  {t(`livecalls.at.${call.place}`)}
                </Tag>
                {call.detail && t(`calls.node.${call.detail}`, call.detail)}
              </>
            ),
          },
          {
            title: t("livecalls.since"),
            width: 90,
            align: "right",
            render: (_, call) => <Elapsed then={at - Date.parse(call.since)} fetchedAt={calls.dataUpdatedAt} />,
          },
          {
            title: t("livecalls.parties"),
            render: (_, call) =>
              call.parties.map((party) => (
                <div key={`${party.target} ${party.since}`}>
                  {party.name ? `${party.name} ${party.target}` : <Tel number={party.target} />}
                  {party.rings && <Typography.Text type="secondary"> {t("livecalls.at.ringing")}</Typography.Text>}
                </div>
              )),
          },
          ...(may(me, "calls.supervise")
            ? [
                {
                  key: "actions",
                  width: 250,
                  render: (_: unknown, call: OpenCall) => (
                    <CallActions call={call} hasDevice={own.agentId !== null} isBusy={own.present !== null} />
                  ),
                },
              ]
            : []),
        ]}
      />
    </Page>
  );
}
