import { useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { api, bodyOf, done, partly } from "../api/client";
import type { components } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

export type Prompt = components["schemas"]["Prompt"];
export type Voice = components["schemas"]["VoiceChoice"];
type PromptChange = components["schemas"]["PromptChange"];

/** What the form edits; a text or a sound, as the prompt is. */
export interface PromptValues {
  name: string;
  text?: string;
  voice?: string | null;
  speed?: number;
  file?: File | null;
}

export const MOST_PREVIEWED = 200;
const LOOK_AGAIN = 1_500;

export function usePrompts(): Pages<Prompt> {
  return usePages(["prompts"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/prompts", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

/** Looks again while something is being spoken. */
export function useWaitingForSpeech(isWaiting: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isWaiting) {
      return undefined;
    }
    const timer = window.setInterval(() => void client.invalidateQueries({ queryKey: ["prompts"] }), LOOK_AGAIN);
    return () => window.clearInterval(timer);
  }, [client, isWaiting]);
}

export function useVoices(): UseQueryResult<Voice[]> {
  return useQuery({
    queryKey: ["prompt-voices"],
    queryFn: () => bodyOf(api.GET("/api/v1/prompts/voices")),
    staleTime: Infinity,
  });
}

/** The address of a text's sound, spoken for this page alone. */
export async function previewOf(text: string, voice: string | null, speed: number): Promise<string> {
  const sound = await bodyOf(
    api.POST("/api/v1/prompts/preview", {
      body: { text: text.slice(0, MOST_PREVIEWED), voice, speed },
      parseAs: "blob",
    }),
  );
  return URL.createObjectURL(sound as Blob);
}

/** Saves a new prompt, or a change of one that was seen. */
export function useSavePrompt(seen: Prompt | null): UseMutationResult<Prompt, Error, PromptValues> {
  const { t } = useTranslation();
  return useChange((values) => (seen ? change(seen, values) : create(values)), {
    touches: ["prompts"],
    said: t("app.saved"),
    quiet: true,
  });
}

function create({ name, text = "", voice = null, speed = 1, file }: PromptValues): Promise<Prompt> {
  return file
    ? bodyOf(api.POST("/api/v1/prompts/upload", { body: { name, file: "" }, bodySerializer: () => formOf({ name, file }) }))
    : bodyOf(api.POST("/api/v1/prompts", { body: { name, text, voice, speed } }));
}

async function change(seen: Prompt, { file, ...values }: PromptValues): Promise<Prompt> {
  const path = { prompt_id: seen.id };
  const changed = await bodyOf(
    api.PATCH("/api/v1/prompts/{prompt_id}", {
      params: { path, header: ifMatch(seen.version) },
      body: partly<PromptChange>(values),
    }),
  );
  if (!file) {
    return changed;
  }
  return bodyOf(
    api.PUT("/api/v1/prompts/{prompt_id}/audio", {
      params: { path, header: ifMatch(changed.version) },
      body: { file: "" },
      bodySerializer: () => formOf({ file }),
    }),
  );
}

function formOf(fields: Readonly<Record<string, string | File>>): FormData {
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  return form;
}

export function useRemovePrompt(): UseMutationResult<void, Error, string> {
  const { t } = useTranslation();
  return useChange(
    (id) => done(api.DELETE("/api/v1/prompts/{prompt_id}", { params: { path: { prompt_id: id } } })),
    { touches: ["prompts"], said: t("app.removed") },
  );
}
