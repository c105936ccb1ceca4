import { useEffect } from "react";
import { useTranslation } from "react-i18next";

let page = "";
/** What is more urgent than the page's name: a call that comes in. */
let urgent: string | null = null;

function write(): void {
  document.title = urgent ?? page;
}

/** The name of the browser's tab while a page is shown; null leaves it. */
export function useTitle(title: string | null): void {
  const { t } = useTranslation();
  const name = t("app.name");
  useEffect(() => {
    page = title === null ? name : `${title} · ${name}`;
    write();
  }, [title, name]);
}

/** Stands before the page's name while it is not null. */
export function useUrgentTitle(title: string | null): void {
  useEffect(() => {
    urgent = title;
    write();
    return () => {
      urgent = null;
      write();
    };
  }, [title]);
}
