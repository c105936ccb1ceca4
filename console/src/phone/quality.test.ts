import { expect, test } from "vitest";

import { countedIn, qualityOf, type Counted } from "./quality";

const START: Counted = { received: 1000, lost: 10, jitter: 0.004, roundTrip: 0.02, lostThere: null };

test("only what happened since the last look counts", () => {
  const now = { ...START, received: 1097, lost: 13 };
  expect(qualityOf(START, now)).toEqual({ loss: 3, jitter: 4, roundTrip: 20, grade: "fair" });
  expect(qualityOf(now, now).grade).toBe("good");
});

test("what is lost on the way out counts as well", () => {
  expect(qualityOf(START, { ...START, received: 1100, lostThere: 0.08 })).toMatchObject({ loss: 8, grade: "poor" });
});

test("a long way is bad without any loss", () => {
  expect(qualityOf(null, { ...START, lost: 0, roundTrip: 0.6 }).grade).toBe("poor");
});

test("a browser's report is read", () => {
  const report = new Map<string, Record<string, unknown>>([
    ["a", { type: "inbound-rtp", kind: "audio", packetsReceived: 50, packetsLost: 1, jitter: 0.01 }],
    ["b", { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.1 }],
    ["c", { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.5 }],
  ]);
  expect(countedIn(report as unknown as RTCStatsReport)).toEqual({
    received: 50,
    lost: 1,
    jitter: 0.01,
    roundTrip: 0.1,
    lostThere: 0.5,
  });
});
