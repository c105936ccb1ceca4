import { useEffect, useState } from "react";

/** The value as it was when it had last stood still for `ms`. */
export function useLater<T>(value: T, ms = 500): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLater(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return later;
}
