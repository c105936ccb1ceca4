/** What the server says when it refuses (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    title: string,
    readonly detail: string,
    readonly fields: Readonly<Record<string, string>>,
    readonly requestId: string,
  ) {
    super(title);
  }
}

const PREFIX = "urn:hotline:error:";

export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.clone().json()) as Record<string, unknown>;
  } catch {
    // A proxy's own page: its status has to do.
  }
  const text = (name: string): string => (typeof body[name] === "string" ? body[name] : "");
  return new Problem(
    response.status,
    text("type").replace(PREFIX, ""),
    text("title") || `HTTP ${response.status}`,
    text("detail"),
    (body["fields"] as Record<string, string> | undefined) ?? {},
    text("request_id"),
  );
}
