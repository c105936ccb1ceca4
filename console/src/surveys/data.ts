import { useQuery, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components, paths } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Survey = Schemas["Survey"];
export type SurveyValues = Schemas["NewSurvey"];
export type Results = Schemas["SurveyResults"];
export type QuestionCount = Schemas["QuestionCount"];
export type AgentResult = Schemas["AgentResult"];
export type Answer = Schemas["AnswerGiven"];
export type Period = NonNullable<paths["/api/v1/surveys/{survey_id}/results"]["get"]["parameters"]["query"]>;

export function useSurveys(): Pages<Survey> {
  return usePages(["surveys", "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/surveys", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

export function useResults(surveyId: string, period: Period): UseQueryResult<Results> {
  return useQuery({
    queryKey: ["survey-results", surveyId, period],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/surveys/{survey_id}/results", {
          params: { path: { survey_id: surveyId }, query: period },
          signal,
        }),
      ),
  });
}

export function useAnswers(surveyId: string, period: Period): Pages<Answer> {
  return usePages(["survey-answers", surveyId, period], (cursor, signal) =>
    bodyOf(
      api.GET("/api/v1/surveys/{survey_id}/answers", {
        params: { path: { survey_id: surveyId }, query: { ...period, limit: 50, ...cursor } },
        signal,
      }),
    ),
  );
}

/** Sets up a survey, or changes the one given. */
export function useSaveSurvey(survey: Survey | null, said: string): UseMutationResult<Survey, Error, SurveyValues> {
  return useChange(
    (values: SurveyValues) =>
      survey === null
        ? bodyOf(api.POST("/api/v1/surveys", { body: values }))
        : bodyOf(
            api.PATCH("/api/v1/surveys/{survey_id}", {
              params: { path: { survey_id: survey.id }, header: ifMatch(survey.version) },
              body: values,
            }),
          ),
    { touches: ["surveys"], said, quiet: true },
  );
}

export function useRemoveSurvey(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/surveys/{survey_id}", { params: { path: { survey_id: id } } })),
    { touches: ["surveys"], said },
  );
}
