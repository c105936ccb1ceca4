/** What the browser has counted of a call so far. */
export interface Counted {
  readonly received: number;
  readonly lost: number;
  /** Seconds. */
  readonly jitter: number;
  /** Seconds; null: not measured yet. */
  readonly roundTrip: number | null;
  /** Share of what we sent that did not arrive; null: the other side has not said. */
  readonly lostThere: number | null;
}

export type Grade = "good" | "fair" | "poor";

/** How the network carried the last seconds. */
export interface Quality {
  /** Per cent, the worse of both directions. */
  readonly loss: number;
  /** Milliseconds. */
  readonly jitter: number;
  readonly roundTrip: number | null;
  readonly grade: Grade;
}

/** Above these speech suffers, and above those it is hard to follow (ITU-T G.1028, rounded). */
const FAIR = { loss: 2, jitter: 30, roundTrip: 300 };
const POOR = { loss: 5, jitter: 60, roundTrip: 500 };

/** What lies between two counts. */
export function qualityOf(before: Counted | null, now: Counted): Quality {
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  const received = Math.max(0, now.received - (before?.received ?? 0));
  const here = lost + received === 0 ? 0 : lost / (lost + received);
  const figures = {
    loss: Math.round(Math.max(here, now.lostThere ?? 0) * 1000) / 10,
    jitter: Math.round(now.jitter * 1000),
    roundTrip: now.roundTrip === null ? null : Math.round(now.roundTrip * 1000),
  };
  return { ...figures, grade: gradeOf(figures) };
}

function gradeOf(figures: Omit<Quality, "grade">): Grade {
  const above = (bounds: typeof FAIR): boolean =>
    figures.loss > bounds.loss || figures.jitter > bounds.jitter || (figures.roundTrip ?? 0) > bounds.roundTrip;
  if (above(POOR)) {
    return "poor";
  }
  return above(FAIR) ? "fair" : "good";
}

/** Reads what a connection has counted. */
export function countedIn(report: RTCStatsReport): Counted {
  const found = { received: 0, lost: 0, jitter: 0, roundTrip: null as number | null, lostThere: null as number | null };
  report.forEach((entry: Record<string, unknown>) => {
    const number = (name: string): number | null => (typeof entry[name] === "number" ? entry[name] : null);
    if (entry["type"] === "inbound-rtp" && entry["kind"] === "audio") {
      found.received = number("packetsReceived") ?? 0;
      found.lost = number("packetsLost") ?? 0;
      found.jitter = number("jitter") ?? 0;
    } else if (entry["type"] === "remote-inbound-rtp" && entry["kind"] === "audio") {
      found.lostThere = number("fractionLost");
      found.roundTrip = number("roundTripTime") ?? found.roundTrip;
    } else if (entry["type"] === "candidate-pair" && entry["nominated"] === true) {
      found.roundTrip ??= number("currentRoundTripTime");
    }
  });
  return found;
}
