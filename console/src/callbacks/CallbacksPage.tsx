import { Button, Flex, Popconfirm, Switch, Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { may, useMe } from "../app/session";
import { useAddressFilters } from "../kit/filters";
import { instant, phone } from "../kit/format";
import { useNames } from "../kit/names";
import { Page } from "../kit/Page";
import { QueuePicker } from "../kit/pickers";
import { ResourceTable } from "../kit/ResourceTable";
import { Tel } from "../kit/Tel";
import { useLiveRefresh } from "../live/live";
import { useCallbacks, useCancelCallback, type Callback } from "./data";

const NAMES = ["queue_id", "waiting"] as const;
const COLOURS = { waiting: "orange", offered: "gold", answered: "green", left: "default" } as const;

/** Who is called back, when, and what came of it. */
export default function CallbacksPage(): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  const mayCancel = may(useMe(), "queues.write");
  const { filters, set } = useAddressFilters(NAMES);
  const isToCome = filters.waiting === "yes";
  const callbacks = useCallbacks(filters.queue_id, isToCome);
  useLiveRefresh(["callbacks"], (message) => message.type === "queue_entry" && message["kind"] === "callback");
  return (
    <Page title={t("callbacks.title")} hint={t("callbacks.hint")} live>
      <ResourceTable<Callback>
        name="callbacks"
        pages={callbacks}
        rowKey={(callback) => callback.id}
        filters={
          <>
            <QueuePicker
              style={{ width: 180 }}
              placeholder={t("callbacks.queue")}
              aria-label={t("callbacks.queue")}
              value={filters.queue_id ?? null}
              onChange={(queue) => set({ queue_id: queue })}
            />
            <Flex component="label" gap={8} align="center">
              <Switch checked={isToCome} onChange={(on) => set({ waiting: on ? "yes" : null })} />
              {t("callbacks.only")}
            </Flex>
          </>
        }
        empty={isToCome ? t("callbacks.emptyFiltered") : `${t("callbacks.empty")}${t("app.stop")}${t("callbacks.emptyHint")}`}
        columns={[
          { title: t("callbacks.at"), dataIndex: "entered_at", width: 170, render: (at: string) => instant(at) },
          { title: t("callbacks.number"), dataIndex: "number", width: 150, render: (number: string) => <Tel number={number} /> },
          { title: t("callbacks.queue"), key: "queue", width: 130, render: (_, one) => names.queue(one.queue_id) },
          {
            title: t("callbacks.stateTitle"),
            key: "state",
            width: 190,
            render: (_, one) => (
              <>
                <Tag color={COLOURS[one.state]}>{t(`callbacks.state.${one.state}`)}</Tag>
                {one.reason && one.state !== "answered" && t(`callbacks.reason.${one.reason}`, one.reason)}
              </>
            ),
          },
          { title: t("callbacks.tries"), dataIndex: "tries", width: 90, align: "right" },
          {
            title: t("callbacks.next"),
            dataIndex: "not_before",
            width: 170,
            render: (at: string | null, one) => at && one.state === "waiting" && instant(at),
          },
          { title: t("callbacks.agent"), key: "agent", width: 120, render: (_, one) => names.agent(one.agent_id) },
          {
            title: t("calls.title"),
            key: "calls",
            width: 110,
            render: (_, one) => (
              <Flex gap={8}>
                <Link to={`/calls/${one.call_id}`}>{t("callbacks.asked")}</Link>
                {one.placed_call_id && <Link to={`/calls/${one.placed_call_id}`}>{t("callbacks.made")}</Link>}
              </Flex>
            ),
          },
          {
            key: "actions",
            width: 110,
            render: (_, one) =>
              mayCancel && (one.state === "waiting" || one.state === "offered") && <Cancel callback={one} />,
          },
        ]}
      />
    </Page>
  );
}

function Cancel({ callback }: { callback: Callback }): ReactNode {
  const { t } = useTranslation();
  const cancel = useCancelCallback(t("callbacks.cancelled"));
  return (
    <Popconfirm
      title={t("callbacks.cancelThis", { number: phone(callback.number) })}
      onConfirm={() => cancel.mutateAsync(callback.id).catch(() => undefined)}
    >
      <Button size="small" loading={cancel.isPending}>
        {t("callbacks.cancel")}
      </Button>
    </Popconfirm>
  );
}
