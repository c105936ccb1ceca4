import { expect, test } from "vitest";

import { surveyOfRows } from "./rows";

test("rows of keys become a table of keys", () => {
  const survey = surveyOfRows({
    name: "满意度",
    questions: [
      { text: "如何", prompt_id: "p", tries: 2, timeout_seconds: 5, keys: [{ key: "1", label: "满意", score: 5 }, { key: "2", label: "一般" }] },
    ],
  });
  expect(survey.questions[0]?.keys).toEqual({ "1": { label: "满意", score: 5 }, "2": { label: "一般", score: null } });
});
