import type { Survey, SurveyValues } from "./data";

type Question = SurveyValues["questions"][number];

/** A key with its meaning, as a row of a form. */
export interface KeyRow {
  key: string;
  label: string;
  score?: number | null;
}

/** A question with its keys as rows: a form edits a list, the server keeps a table. */
export type QuestionRow = Omit<Question, "keys"> & { keys: KeyRow[] };
export type SurveyRows = Omit<SurveyValues, "questions"> & { questions: QuestionRow[] };

export function rowsOfSurvey(survey: Survey): SurveyRows {
  return {
    ...survey,
    questions: survey.questions.map((question) => ({
      ...question,
      keys: Object.entries(question.keys).map(([key, meaning]) => ({ key, ...meaning })),
    })),
  };
}

export function surveyOfRows(rows: SurveyRows): SurveyValues {
  const { name, intro_prompt_id, invalid_prompt_id, thanks_prompt_id } = rows;
  return {
    name,
    intro_prompt_id: intro_prompt_id ?? null,
    invalid_prompt_id: invalid_prompt_id ?? null,
    thanks_prompt_id: thanks_prompt_id ?? null,
    questions: rows.questions.map((question) => ({
      ...question,
      keys: Object.fromEntries(question.keys.map(({ key, label, score }) => [key, { label, score: score ?? null }])),
    })),
  };
}
