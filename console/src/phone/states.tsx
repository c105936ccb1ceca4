import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useServerNow } from "../kit/clock";
import { duration } from "../kit/format";

/** A state in words, with its reason. */
export function useStateWords(): (state: string, reason?: string) => string {
  const { t } = useTranslation();
  return (state, reason = "") => {
    const why = reason && t(`presence.reason.${reason}`, reason);
    return [t(`presence.state.${state}`, state), why].filter(Boolean).join(" · ");
  };
}

/** How long it has been so, running. */
export function Elapsed({ since }: { since: string }): ReactNode {
  const now = useServerNow();
  return <span role="timer">{duration(Math.max(0, now - Date.parse(since)))}</span>;
}

/** How long it will still be so, running. */
export function Remaining({ until }: { until: string }): ReactNode {
  const now = useServerNow();
  return <span role="timer">{duration(Math.max(0, Date.parse(until) - now))}</span>;
}
