import createClient, { type Middleware } from "openapi-fetch";

import { problemOf } from "./problem";
import type { paths } from "./schema";

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;

/** The token that every change carries; it comes with the session. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** What to do when the server says that the session is over. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

const edge: Middleware = {
  onRequest({ request }) {
    if (csrfToken && request.method !== "GET") {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== "/api/v1/session") {
      onSignedOut();
    }
    if (!response.ok) {
      throw await problemOf(response);
    }
    return response;
  },
};

export const api = createClient<paths>({ baseUrl: "" });
api.use(edge);

/** The body of an answer that has one; a refusal was thrown as a Problem before. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) {
    throw new Error("the answer has no body");
  }
  return data;
}
