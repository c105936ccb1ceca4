import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { i18n } from "../i18n/i18n";

export type Language = "zh" | "en";
export type Look = "light" | "dark" | "system";

interface Preferences {
  language: Language;
  look: Look;
  dark: boolean;
  setLanguage: (language: Language) => void;
  setLook: (look: Look) => void;
}

const Chosen = createContext<Preferences | null>(null);

function kept<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(name);
  return allowed.find((one) => one === value) ?? otherwise;
}

/** Language and look, kept in this browser. */
export function PreferencesProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() => kept("language", ["zh", "en"], "zh"));
  const [look, setLook] = useState<Look>(() => kept("look", ["light", "dark", "system"], "system"));
  const [systemDark, setSystemDark] = useState(
    () => window.matchMedia("(prefers-color-scheme: dark)").matches,
  );
  useEffect(() => {
    const query = window.matchMedia("(prefers-color-scheme: dark)");
    const changed = (): void => setSystemDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  useEffect(() => {
    localStorage.setItem("language", language);
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    void i18n.changeLanguage(language);
  }, [language]);
  useEffect(() => localStorage.setItem("look", look), [look]);
  const dark = look === "dark" || (look === "system" && systemDark);
  const value = useMemo(
    () => ({ language, look, dark, setLanguage, setLook }),
    [language, look, dark],
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
