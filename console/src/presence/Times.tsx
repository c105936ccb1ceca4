import { DatePicker, Flex, Table, Tooltip } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { duration } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { useNames } from "../kit/names";
import { useTimes } from "./data";
import { STATES } from "./states";
import { sumsOf, type Sum } from "./sums";
import { useStateColours } from "./useStateColours";

const SHOWN = STATES.filter((state) => state !== "offline");

/** How long agents were in each state, over some days. */
export function Times(): ReactNode {
  const { t } = useTranslation();
  const names = useNames();
  const [days, setDays] = useState<[Dayjs, Dayjs]>(() => [dayjs(), dayjs()]);
  const times = useTimes(days[0].format("YYYY-MM-DD"), days[1].format("YYYY-MM-DD"));
  if (times.isError) {
    return <LoadFailed error={times.error} retry={() => void times.refetch()} />;
  }
  const sums = sumsOf(times.data ?? []).filter((sum) => totalOf(sum) > 0);
  const longest = Math.max(1, ...sums.map(totalOf));
  return (
    <Flex vertical gap={12}>
      <DatePicker.RangePicker
        aria-label={t("presence.days")}
        style={{ width: 260 }}
        allowClear={false}
        value={days}
        maxDate={dayjs()}
        onChange={(range) => range?.[0] && range[1] && setDays([range[0], range[1]])}
      />
      <Table<Sum>
        rowKey="agentId"
        size="middle"
        loading={times.isPending}
        dataSource={sums}
        pagination={false}
        scroll={{ x: 980 }}
        locale={{ emptyText: t("presence.noTimes") }}
        columns={[
          { title: t("presence.agent"), width: 150, render: (_, sum) => names.agent(sum.agentId) || "—" },
          { key: "bar", render: (_, sum) => <Bar sum={sum} longest={longest} /> },
          ...SHOWN.map((state) => ({
            title: t(`presence.state.${state}`),
            width: 88,
            align: "right" as const,
            render: (_: unknown, sum: Sum) => sum.seconds[state] > 0 && duration(sum.seconds[state] * 1000),
          })),
          {
            title: t("presence.total"),
            width: 100,
            align: "right",
            render: (_, sum) => <strong>{duration(totalOf(sum) * 1000)}</strong>,
          },
        ]}
      />
    </Flex>
  );
}

function totalOf(sum: Sum): number {
  return SHOWN.reduce((total, state) => total + sum.seconds[state], 0);
}

/** A bar as long as the agent was signed in, in the colours of what was done. */
function Bar({ sum, longest }: { sum: Sum; longest: number }): ReactNode {
  const { t } = useTranslation();
  const colours = useStateColours();
  return (
    <Flex style={{ height: 12, minWidth: 140, width: `${(100 * totalOf(sum)) / longest}%`, borderRadius: 3, overflow: "hidden" }}>
      {SHOWN.map((state) => (
        <Tooltip key={state} title={`${t(`presence.state.${state}`)} ${duration(sum.seconds[state] * 1000)}`}>
          <span style={{ flexGrow: sum.seconds[state], background: colours[state] }} />
        </Tooltip>
      ))}
    </Flex>
  );
}
