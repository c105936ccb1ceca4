import { Badge, Empty, Flex, Input, Segmented, Skeleton, Table } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { may, useMe } from "../app/session";
import { Elapsed } from "../kit/Elapsed";
import { duration } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { useLivePatch, useLiveRefresh } from "../live/live";
import { usePresences, type Presence } from "./data";
import { StateMenu } from "./StateMenu";
import { StateTag } from "./StateTag";
import { placeOf, STATES } from "./states";
import { withTold } from "./told";

/** Every agent with state, since when, and today's figures. */
export function WhatAllDo(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const presences = usePresences();
  useLivePatch<Presence[]>("agent-states", withTold);
  useLiveRefresh(["agent-states"], (message) => message.type === "agent_state");
  const [only, setOnly] = useState("all");
  const [words, setWords] = useState("");
  if (presences.isError && !presences.data) {
    return <LoadFailed error={presences.error} retry={() => void presences.refetch()} />;
  }
  const all = presences.data ?? [];
  const shown = all
    .filter((one) => only === "all" || one.state === only)
    .filter((one) => `${one.name} ${one.extension}`.includes(words.trim()))
    .sort((one, other) => placeOf(one.state) - placeOf(other.state) || one.extension.localeCompare(other.extension));
  const count = (state: string): number => all.filter((one) => one.state === state).length;
  return (
    <Flex vertical gap={12}>
      <Flex gap={12} wrap>
        <Segmented
          value={only}
          onChange={setOnly}
          options={[
            { value: "all", label: `${t("app.all")} ${all.length}` },
            ...STATES.map((state) => ({ value: state, label: `${t(`presence.state.${state}`)} ${count(state)}` })),
          ]}
        />
        <Input.Search
          allowClear
          style={{ width: 200 }}
          placeholder={t("presence.find")}
          aria-label={t("presence.find")}
          onChange={(event) => setWords(event.target.value)}
        />
      </Flex>
      <Table<Presence>
        rowKey="agent_id"
        size="middle"
        loading={presences.isPending}
        dataSource={shown}
        pagination={false}
        scroll={{ x: 980 }}
        locale={{
          emptyText: presences.isPending ? <Skeleton active /> : (
            <Empty description={`${t("presence.empty")}${t("app.stop")}${t("presence.emptyHint")}`}>
              {may(me, "agents.write") && <LinkButton to="/agents">{t("presence.toAgents")}</LinkButton>}
            </Empty>
          ),
        }}
        columns={[
          {
            title: t("presence.agent"),
            width: 150,
            render: (_, one) => (
              <>
                {one.name} <small style={{ opacity: 0.65 }}>{one.extension}</small>
              </>
            ),
          },
          {
            title: t("presence.stateTitle"),
            width: 150,
            render: (_, one) => <StateTag state={one.state} reason={one.reason} />,
          },
          {
            title: t("presence.since"),
            width: 90,
            align: "right",
            render: (_, one) => (
              <Elapsed
                key={one.since}
                then={presences.dataUpdatedAt - Date.parse(one.since)}
                fetchedAt={presences.dataUpdatedAt}
              />
            ),
          },
          {
            title: t("presence.next"),
            width: 130,
            render: (_, one) => one.next_state && <StateTag state={one.next_state} reason={one.next_reason} />,
          },
          {
            title: t("presence.call"),
            width: 100,
            render: (_, one) => one.call_id && <Link to={`/calls/${one.call_id}`}>{t("calls.detail")}</Link>,
          },
          {
            title: t("presence.device"),
            width: 110,
            render: (_, one) => t(`presence.deviceName.${one.device}`),
          },
          { title: t("presence.calls"), dataIndex: "calls_today", width: 90, align: "right" },
          {
            title: t("presence.talk"),
            width: 100,
            align: "right",
            render: (_, one) => duration(one.talk_seconds_today * 1000),
          },
          {
            title: t("presence.misses"),
            width: 90,
            align: "right",
            render: (_, one) => one.misses > 0 && <Badge count={one.misses} />,
          },
          { width: 110, render: (_, one) => may(me, "agents.command") && <StateMenu presence={one} /> },
        ]}
      />
    </Flex>
  );
}
