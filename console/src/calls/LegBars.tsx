import { Flex, Tag, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { duration, instant } from "../kit/format";
import { useNames } from "../kit/names";
import { Tel } from "../kit/Tel";
import type { CallDetail } from "./data";

type Leg = CallDetail["legs"][number];

const NAME_WIDTH = 168;

/** Who was reached when, each party a bar over the time of the call: ringing, then talking. */
export function LegBars({ call, until }: { call: CallDetail; until: number }): ReactNode {
  const { t } = useTranslation();
  const begin = Date.parse(call.started_at);
  const end = Math.max(begin + 1000, call.ended_at ? Date.parse(call.ended_at) : until);
  if (call.legs.length === 0) {
    return <Typography.Text type="secondary">{t("calls.noLegs")}</Typography.Text>;
  }
  return (
    <Flex vertical gap={10} component="ul" style={{ margin: 0, padding: 0, listStyle: "none" }}>
      {call.legs.map((leg) => (
        <LegBar key={leg.id} leg={leg} begin={begin} end={end} />
      ))}
    </Flex>
  );
}

function LegBar({ leg, begin, end }: { leg: Leg; begin: number; end: number }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const names = useNames();
  const over = leg.ended_at ? Date.parse(leg.ended_at) : end;
  const talking = leg.connected_at ? Date.parse(leg.connected_at) : over;
  const share = (at: number): number => (100 * (Math.min(Math.max(at, begin), end) - begin)) / (end - begin);
  const facts = [
    t("calls.rang", { time: duration(Math.max(0, talking - Date.parse(leg.dialled_at))) }),
    leg.talk_ms > 0 && t("calls.talked", { time: duration(leg.talk_ms) }),
    leg.hold_ms > 0 && t("calls.heldFor", { time: duration(leg.hold_ms) }),
    leg.sip_code && `SIP ${leg.sip_code}`,
    leg.cause && `Q.850 ${leg.cause}`,
  ].filter(Boolean);
  const causes = leg.result === "answered" ? "" : [leg.sip_code && `SIP ${leg.sip_code}`, leg.cause && `Q.850 ${leg.cause}`].filter(Boolean).join(" · ");
  const piece = (from: number, to: number, colour: string): ReactNode => (
    <span
      style={{
        position: "absolute",
        insetBlock: 0,
        left: `${share(from)}%`,
        width: `${Math.max(0.6, share(to) - share(from))}%`,
        background: colour,
        borderRadius: 3,
      }}
    />
  );
  return (
    <Flex component="li" gap={12} align="center">
      <div style={{ width: NAME_WIDTH, flex: "none" }}>
        <div style={{ whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis" }}>
          {names.agent(leg.agent_id) || <Tel number={leg.target} />}
        </div>
        <Typography.Text type="secondary" style={{ fontSize: 12 }}>
          {[t(`calls.legKind.${leg.kind}`), instant(leg.dialled_at)].join(" · ")}
        </Typography.Text>
      </div>
      <Tooltip title={facts.join(" · ")}>
        <div style={{ position: "relative", height: 14, flex: 1, background: token.colorFillTertiary, borderRadius: 3 }}>
          {piece(Date.parse(leg.dialled_at), talking, token.gold)}
          {leg.connected_at && piece(talking, over, token.green)}
        </div>
      </Tooltip>
      <Flex vertical align="end" style={{ width: 120, flex: "none" }}>
        <Tag color={leg.result === "answered" ? "green" : "default"} style={{ margin: 0 }}>
          {leg.result ? t(`calls.result.${leg.result}`, leg.result) : t("calls.ringing")}
        </Tag>
        <Typography.Text type="secondary" style={{ fontSize: 12, whiteSpace: "nowrap" }}>
          {leg.talk_ms > 0 ? facts[1] : facts[0]}
        </Typography.Text>
        {causes && <Typography.Text type="secondary" style={{ fontSize: 12, whiteSpace: "nowrap" }}>{causes}</Typography.Text>}
      </Flex>
    </Flex>
  );
}
