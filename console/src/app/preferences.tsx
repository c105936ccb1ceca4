import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { i18n } from "../i18n/i18n";

export type Language = "zh" | "en";
export type Look = "light" | "dark" | "system";

interface Preferences {
  language: Language;
  look: Look;
  dark: boolean;
  /** Who asked the system for less movement gets pages that stand still. */
  still: boolean;
  setLanguage: (language: Language) => void;
  setLook: (look: Look) => void;
}

const Chosen = createContext<Preferences | null>(null);

function kept<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(name);
  return allowed.find((one) => one === value) ?? otherwise;
}

/** What the system says now, e.g. `(prefers-color-scheme: dark)`. */
function useSystem(question: string): boolean {
  const [answer, setAnswer] = useState(() => window.matchMedia(question).matches);
  useEffect(() => {
    const query = window.matchMedia(question);
    const changed = (): void => setAnswer(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, [question]);
  return answer;
}

/** Language and look, kept in this browser. */
export function PreferencesProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() => kept("language", ["zh", "en"], "zh"));
  const [look, setLook] = useState<Look>(() => kept("look", ["light", "dark", "system"], "system"));
  const systemDark = useSystem("(prefers-color-scheme: dark)");
  const still = useSystem("(prefers-reduced-motion: reduce)");
  useEffect(() => {
    localStorage.setItem("language", language);
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    void i18n.changeLanguage(language);
  }, [language]);
  useEffect(() => localStorage.setItem("look", look), [look]);
  const dark = look === "dark" || (look === "system" && systemDark);
  const value = useMemo(
    () => ({ language, look, dark, still, setLanguage, setLook }),
    [language, look, dark, still],
  );
  return <Chosen.Provider value={value}>{children}</Chosen.Provider>;
}

export function usePreferences(): Preferences {
  const preferences = useContext(Chosen);
  if (!preferences) {
    throw new Error("no preferences");
  }
  return preferences;
}
