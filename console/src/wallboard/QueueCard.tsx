import { Card, Flex, Progress, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Elapsed } from "../kit/Elapsed";
import { duration } from "../kit/format";
import { STATES } from "../presence/states";
import { useStateColours } from "../presence/useStateColours";
import { useMoodColour } from "./Figure";
import type { QueueFigures } from "./data";
import { moodOfLevel, moodOfWait } from "./moods";

/** One queue: who waits, how long, how well it does today, what its agents do. */
export function QueueCard({ queue, fetchedAt }: { queue: QueueFigures; fetchedAt: number }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const waitColour = useMoodColour(moodOfWait(queue.longest_wait_seconds, queue.target_seconds));
  const levelColour = useMoodColour(moodOfLevel(queue.service_level));
  return (
    <Card
      size="small"
      title={queue.name}
      extra={<Typography.Text type="secondary">{t("wallboard.within", { seconds: queue.target_seconds })}</Typography.Text>}
    >
      <Flex justify="space-between" align="center" gap={12}>
        <Small label={t("wallboard.waiting")} size={34} colour={queue.waiting > 0 ? waitColour : token.colorText}>
          {queue.waiting}
        </Small>
        <Small label={t("wallboard.longest")} size={24} colour={queue.waiting > 0 ? waitColour : token.colorTextQuaternary}>
          {queue.waiting > 0 ? (
            <Elapsed then={queue.longest_wait_seconds * 1000} fetchedAt={fetchedAt} />
          ) : (
            t("wallboard.none")
          )}
        </Small>
        <Progress
          type="dashboard"
          size={76}
          percent={queue.service_level ?? 0}
          strokeColor={levelColour}
          aria-label={t("wallboard.level")}
          format={() => (queue.service_level === null ? t("wallboard.none") : `${Math.round(queue.service_level)}%`)}
        />
      </Flex>
      <Answered queue={queue} />
      <Flex justify="space-between" style={{ marginTop: 8 }}>
        <Typography.Text type="secondary">
          {t("wallboard.averageWait")} {duration(queue.average_wait_seconds * 1000)}
        </Typography.Text>
        <Typography.Text type="secondary">
          {t("wallboard.averageTalk")} {duration(queue.average_talk_seconds * 1000)}
        </Typography.Text>
      </Flex>
      <Members queue={queue} />
    </Card>
  );
}

function Small({
  label,
  size,
  colour,
  children,
}: {
  label: string;
  size: number;
  colour: string;
  children: ReactNode;
}): ReactNode {
  return (
    <div>
      <Typography.Text type="secondary">{label}</Typography.Text>
      <div style={{ fontSize: size, lineHeight: "44px", fontWeight: 600, color: colour }}>{children}</div>
    </div>
  );
}

/** Today's callers as a bar: answered, given up. */
function Answered({ queue }: { queue: QueueFigures }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const rest = Math.max(0, queue.offered - queue.answered - queue.abandoned);
  return (
    <div style={{ marginTop: 8 }}>
      <Flex style={{ height: 8, borderRadius: 4, overflow: "hidden", background: token.colorFillSecondary }}>
        <span style={{ flexGrow: queue.answered, background: token.colorSuccess }} />
        <span style={{ flexGrow: queue.abandoned, background: token.colorError }} />
        <span style={{ flexGrow: rest }} />
      </Flex>
      <Flex justify="space-between" style={{ marginTop: 4 }}>
        <span>
          {t("wallboard.answered")} <strong>{queue.answered}</strong>
        </span>
        <span>
          {t("wallboard.abandoned")} <strong>{queue.abandoned}</strong>
        </span>
        {queue.callbacks > 0 && (
          <span>
            {t("wallboard.callbacks")} <strong>{queue.callbacks}</strong>
          </span>
        )}
        {queue.called_back > 0 && (
          <span>
            {t("wallboard.calledBack")} <strong>{queue.called_back}</strong>
          </span>
        )}
      </Flex>
    </div>
  );
}

/** Its agents by what they do: a dot a state, with its count. */
function Members({ queue }: { queue: QueueFigures }): ReactNode {
  const { t } = useTranslation();
  const colours = useStateColours();
  return (
    <Flex gap={12} wrap style={{ marginTop: 8, minHeight: 22 }}>
      {STATES.filter((state) => (queue.agents[state] ?? 0) > 0).map((state) => (
        <Tooltip key={state} title={t(`presence.state.${state}`)}>
          <Flex gap={5} align="center">
            <span style={{ width: 9, height: 9, borderRadius: "50%", background: colours[state] }} />
            {t(`presence.state.${state}`)} {queue.agents[state]}
          </Flex>
        </Tooltip>
      ))}
    </Flex>
  );
}
