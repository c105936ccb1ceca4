import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

import { actFor } from "../api/client";
import { useMe } from "./session";

/** The enterprise in whose things an operator looks. */
export interface Enterprise {
  readonly id: string;
  readonly name: string;
}

interface Acting {
  readonly enterprise: Enterprise | null;
  readonly enter: (enterprise: Enterprise | null) => void;
}

const KEPT = "acting-for";
const Chosen = createContext<Acting | null>(null);

function kept(): Enterprise | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Enterprise | null;
  } catch {
    return null;
  }
}

/** Which enterprise an operator has entered, kept for this tab. Others are always in their own. */
export function ActingProvider({ children }: { children: ReactNode }): ReactNode {
  const isOperator = useMe().enterprise_id === null;
  const client = useQueryClient();
  const [enterprise, setEnterprise] = useState<Enterprise | null>(() => {
    const before = isOperator ? kept() : null;
    actFor(before?.id ?? null);
    return before;
  });
  const enter = useCallback(
    (chosen: Enterprise | null) => {
      sessionStorage.setItem(KEPT, JSON.stringify(chosen));
      actFor(chosen?.id ?? null);
      // What was fetched is of another enterprise.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      // The page that is open may not be there any more: begin at the front, or where one came from.
      window.history.pushState(null, "", chosen ? "/" : "/enterprises");
      setEnterprise(chosen);
    },
    [client],
  );
  const value = useMemo(() => ({ enterprise, enter }), [enterprise, enter]);
  return <Chosen.Provider value={value}>{children}</Chosen.Provider>;
}

export function useActing(): Acting {
  const acting = useContext(Chosen);
  if (!acting) {
    throw new Error("nobody is signed in");
  }
  return acting;
}

/** The enterprise that the pages are about; null for an operator who has entered none. */
export function useEnterpriseId(): string | null {
  const own = useMe().enterprise_id;
  const { enterprise } = useActing();
  return own ?? enterprise?.id ?? null;
}
