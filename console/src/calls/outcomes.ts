/** How outcomes of calls and legs are coloured, everywhere alike. */
export const OUTCOME_COLOURS: Readonly<Record<string, string>> = {
  answered: "green",
  unanswered: "orange",
  abandoned: "gold",
  refused: "default",
  failed: "red",
  served: "cyan",
  in_progress: "blue",
};
