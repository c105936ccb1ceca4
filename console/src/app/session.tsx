import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, type ReactNode } from "react";

import { api, bodyOf, setCsrfToken, whenSignedOut } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";

export type Me = components["schemas"]["Me"];
export type Permission = Me["permissions"][number];

const SESSION = ["session"] as const;

async function readSession(): Promise<Me | null> {
  try {
    const me = await bodyOf(api.GET("/api/v1/session"));
    setCsrfToken(me.csrf_token);
    return me;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      return null;
    }
    throw error;
  }
}

/** Nobody is signed in any more: what was fetched for them must not be shown to the next. */
function forget(client: QueryClient): void {
  setCsrfToken(null);
  client.setQueryData(SESSION, null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
}

/** Who is signed in: null for nobody, undefined while that is not known yet. */
export function useSession(): { me: Me | null | undefined; error: Error | null } {
  const client = useQueryClient();
  useEffect(() => {
    whenSignedOut(() => forget(client));
  }, [client]);
  const { data, error } = useQuery({ queryKey: SESSION, queryFn: readSession, staleTime: Infinity });
  return { me: data, error };
}

export function useSignIn(): (login: string, password: string) => Promise<void> {
  const client = useQueryClient();
  return async (login, password) => {
    const me = await bodyOf(api.POST("/api/v1/session", { body: { login, password } }));
    setCsrfToken(me.csrf_token);
    client.setQueryData(SESSION, me);
  };
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await api.DELETE("/api/v1/session");
    forget(client);
  };
}

const Signed = createContext<Me | null>(null);

export function SignedIn({ me, children }: { me: Me; children: ReactNode }): ReactNode {
  return <Signed.Provider value={me}>{children}</Signed.Provider>;
}

/** Who is signed in, for the pages inside. */
export function useMe(): Me {
  const me = useContext(Signed);
  if (!me) {
    throw new Error("nobody is signed in");
  }
  return me;
}

export function may(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission);
}
