import { useQuery, type UseMutationResult } from "@tanstack/react-query";

import { api, bodyOf, done } from "../api/client";
import type { components, paths } from "../api/schema";
import { ifMatch } from "../api/version";
import { useChange, usePages, type Pages } from "../kit/data";

type Schemas = components["schemas"];
export type Message = Schemas["Message"];
export type MessageChange = Schemas["MessageChange"];
export type Filters = NonNullable<paths["/api/v1/voicemail/messages"]["get"]["parameters"]["query"]>;
export type Box = Schemas["Box"];
export type BoxValues = Schemas["NewBox"];

export const STATUSES = ["new", "heard", "closed"] as const satisfies readonly Message["status"][];

export function useMessages(filters: Filters): Pages<Message> {
  return usePages(["messages", filters], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/voicemail/messages", { params: { query: { ...filters, limit: 50, ...cursor } }, signal })),
  );
}

/** One message as it is now, also when it has left the list in which it was found. */
export function useMessage(found: Message): Message {
  const { data } = useQuery({
    queryKey: ["message", found.id],
    initialData: found,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/voicemail/messages/{message_id}", { params: { path: { message_id: found.id } }, signal }),
      ),
  });
  return data;
}

export function useChangeMessage(
  said: string,
): UseMutationResult<Message, Error, { id: string; change: MessageChange }> {
  return useChange(
    ({ id, change }: { id: string; change: MessageChange }) =>
      bodyOf(
        api.PATCH("/api/v1/voicemail/messages/{message_id}", { params: { path: { message_id: id } }, body: change }),
      ),
    { touches: ["messages", "message"], said },
  );
}

/** Rings my own device, then the phone of who left the message. */
export function useCallBack(said: string): UseMutationResult<Schemas["CalledBack"], Error, string> {
  return useChange(
    (id: string) =>
      bodyOf(
        api.POST("/api/v1/voicemail/messages/{message_id}/call-back", { params: { path: { message_id: id } } }),
      ),
    { touches: ["messages", "message"], said },
  );
}

export function useRemoveMessage(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) =>
      done(api.DELETE("/api/v1/voicemail/messages/{message_id}", { params: { path: { message_id: id } } })),
    { touches: ["messages"], said },
  );
}

export function useBoxes(): Pages<Box> {
  return usePages(["voicemail-boxes", "pages"], (cursor, signal) =>
    bodyOf(api.GET("/api/v1/voicemail/boxes", { params: { query: { limit: 50, ...cursor } }, signal })),
  );
}

/** Sets up a box, or changes the one given. */
export function useSaveBox(box: Box | null, said: string): UseMutationResult<Box, Error, BoxValues> {
  return useChange(
    (values: BoxValues) =>
      box === null
        ? bodyOf(api.POST("/api/v1/voicemail/boxes", { body: values }))
        : bodyOf(
            api.PATCH("/api/v1/voicemail/boxes/{box_id}", {
              params: { path: { box_id: box.id }, header: ifMatch(box.version) },
              body: values,
            }),
          ),
    { touches: ["voicemail-boxes"], said, quiet: true },
  );
}

export function useRemoveBox(said: string): UseMutationResult<void, Error, string> {
  return useChange(
    (id: string) => done(api.DELETE("/api/v1/voicemail/boxes/{box_id}", { params: { path: { box_id: id } } })),
    { touches: ["voicemail-boxes"], said },
  );
}
