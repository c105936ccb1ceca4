import type { Graph } from "./graph";

export interface SampleTitles {
  readonly menu: string;
  readonly closed: string;
  readonly busy: string;
}

/** Opening hours with China's holidays, then a menu: to be filled with prompts and queues. */
export function sample(titles: SampleTitles): Graph {
  const day = [["09:00", "18:00"]];
  const weekly = { "1": day, "2": day, "3": day, "4": day, "5": day };
  return {
    start: "hours",
    nodes: [
      {
        id: "hours",
        kind: "schedule",
        periods: [{ exit: "way-1", weekly }],
        calendar: "china",
        exits: { "way-1": "menu", otherwise: "closed", holiday: "closed" },
      },
      {
        id: "menu",
        kind: "menu",
        title: titles.menu,
        sounds: [],
        keys: ["1", "2", "0"],
        exits: { "0": "menu", timeout: "busy", wrong: "busy" },
      },
      { id: "closed", kind: "hangup", title: titles.closed, notice: "closed", closed: true, exits: {} },
      { id: "busy", kind: "hangup", title: titles.busy, notice: "all_failed", exits: {} },
    ],
  };
}
