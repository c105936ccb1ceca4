import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { en } from "./en";
import { zh } from "./zh";

type Tree = { [key: string]: string | Tree };

/** Each folder of pages has its own words: those of `queues/words.ts` are `queues.…`. */
const FOLDERS = import.meta.glob<{ zh: Tree; en: Tree }>("../*/words.ts", { eager: true });

function wordsIn(language: "zh" | "en"): Tree {
  const folders = Object.entries(FOLDERS).map(([path, words]) => [path.split("/")[1], words[language]]);
  return { ...(language === "zh" ? zh : en), ...(Object.fromEntries(folders) as Tree) };
}

export const i18n = i18next.createInstance();
void i18n.use(initReactI18next).init({
  lng: "zh",
  fallbackLng: "zh",
  resources: { zh: { translation: wordsIn("zh") }, en: { translation: wordsIn("en") } },
  interpolation: { escapeValue: false },
});
