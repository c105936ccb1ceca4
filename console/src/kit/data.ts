import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
} from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";

import { Problem } from "../api/problem";

/** One page of a list, as every list of the API answers. */
export interface PageOf<T> {
  readonly items: T[];
  readonly next_cursor?: string | null;
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<PageOf<T>>> & {
  /** Fetches the whole list anew, telling how far it is; null where it has more than `most`. */
  readonly everything: (most: number, tell: (count: number) => void) => Promise<T[] | null>;
};

/** A list that is fetched page after page. `key` begins with the resource's name. */
export function usePages<T>(
  key: readonly unknown[],
  fetchPage: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<PageOf<T>>,
  options: { enabled?: boolean; refetchInterval?: number } = {},
): Pages<T> {
  const pages = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam ? { cursor: pageParam } : {}, signal),
    getNextPageParam: (page) => page.next_cursor ?? null,
    ...options,
  });
  const everything = async (most: number, tell: (count: number) => void): Promise<T[] | null> => {
    const items: T[] = [];
    let cursor: { cursor?: string } = {};
    do {
      const page = await fetchPage(cursor, new AbortController().signal);
      items.push(...page.items);
      tell(items.length);
      cursor = page.next_cursor ? { cursor: page.next_cursor } : {};
    } while (cursor.cursor && items.length <= most);
    return items.length > most ? null : items;
  };
  return { ...pages, everything };
}

/** The rows fetched so far. */
export function rowsOf<T>(pages: Pages<T>): T[] {
  return pages.data?.pages.flatMap((page) => page.items) ?? [];
}

const MOST_PAGES = 50;

/** Every item of a list that people choose from, at most some thousands. */
export async function allOf<T>(fetchPage: (cursor: { cursor?: string }) => Promise<PageOf<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: { cursor?: string } = {};
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await fetchPage(cursor);
    items.push(...answer.items);
    if (!answer.next_cursor) {
      break;
    }
    cursor = { cursor: answer.next_cursor };
  }
  return items;
}

/**
 * A change on the server. On success the queries that begin with `touches` are fetched again and
 * `said` is shown; what is refused is shown as a message unless `quiet` (a form shows it itself).
 */
export function useChange<V, R = void>(
  change: (value: V) => Promise<R>,
  { touches, said, quiet = false }: { touches: readonly string[]; said?: string; quiet?: boolean },
): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      if (said) {
        void message.success(said);
      }
      await Promise.all(touches.map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
    onError: (error) => {
      if (!quiet) {
        void message.error(wordsOf(error, t("app.failed")));
      }
    },
  });
}

/** What a refusal says, with what to do next. */
export function wordsOf(error: Error, otherwise: string): string {
  if (error instanceof Problem) {
    const fields = Object.values(error.fields).join("；");
    return [error.message, error.detail, fields].filter(Boolean).join("：");
  }
  return error.message || otherwise;
}
