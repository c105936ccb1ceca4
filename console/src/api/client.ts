import createClient, { createQuerySerializer, type Middleware } from "openapi-fetch";

import { noteServerTime } from "./clock";
import { problemOf } from "./problem";
import type { paths } from "./schema";

let csrfToken: string | null = null;
let actingFor: string | null = null;
let onSignedOut: () => void = () => undefined;

/** The token that every change carries; it comes with the session. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** The enterprise that an operator has entered: every request about an enterprise names it. */
export function actFor(enterpriseId: string | null): void {
  actingFor = enterpriseId;
}

/** What to do when the server says that the session is over. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** The address of something that the browser itself fetches: audio, a download. */
export function addressOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const all = new URLSearchParams(query);
  if (actingFor) {
    all.set("enterprise_id", actingFor);
  }
  const text = all.toString();
  return text ? `${path}?${text}` : path;
}

const inWords = createQuerySerializer<Record<string, unknown>>();

/**
 * The query with the enterprise that an operator acts for, where it does not stand already. A finished
 * request cannot be given another address: its body would become a stream, which HTTP/1.1 does not send.
 */
function inEnterprise(query: Readonly<Record<string, unknown>>): string {
  return inWords(actingFor ? { enterprise_id: actingFor, ...query } : query);
}

const edge: Middleware = {
  onRequest({ request }) {
    if (csrfToken && request.method !== "GET") {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    // The server's words in the language of the pages, whatever the browser itself speaks.
    request.headers.set("Accept-Language", document.documentElement.lang);
    return request;
  },
  async onResponse({ response, schemaPath }) {
    noteServerTime(response.headers.get("date"));
    if (response.status === 401 && schemaPath !== "/api/v1/session") {
      onSignedOut();
    }
    if (!response.ok) {
      throw await problemOf(response);
    }
    return response;
  },
};

export const api = createClient<paths>({ baseUrl: "", querySerializer: inEnterprise });
api.use(edge);

/** The body of an answer that has one; a refusal was thrown as a Problem before. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) {
    throw new Error("the answer has no body");
  }
  return data;
}

/** An answer that has no body. */
export async function done(answer: Promise<unknown>): Promise<void> {
  await answer;
}

/**
 * A body that names only some of its fields. Fields that have a default are never absent from
 * answers, for which the types have them; a body may leave them out.
 */
export function partly<T extends object>(body: Partial<T>): T {
  return body as T;
}
