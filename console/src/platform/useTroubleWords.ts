import { useTranslation } from "react-i18next";

import { bytes, duration } from "../kit/format";
import type { Trouble, TroubleKind } from "./data";

/** What the value of a trouble counts; where it is none of these it counts things. */
const SECONDS: readonly TroubleKind[] = ["node_silent", "jobs_late"];
const BYTES: readonly TroubleKind[] = ["disk_low"];

/** The words for a kind of job; that of a newer version keeps its own name. */
export function useTaskWords(): (task: string) => string {
  const { t } = useTranslation();
  return (task) => t(`platform.task.${task}`, { defaultValue: task });
}

/** What is wrong, in a sentence. */
export function useTroubleWords(): (trouble: Trouble) => string {
  const { t } = useTranslation();
  const task = useTaskWords();
  const subject = ({ kind, subject: name }: Trouble): string => {
    if (kind === "role_missing") {
      return t(`platform.role.${name}`);
    }
    return kind === "jobs_late" || kind === "jobs_failed" ? task(name) : name;
  };
  const value = ({ kind, value: number }: Trouble): string => {
    if (number === null) {
      return "";
    }
    if (BYTES.includes(kind)) {
      return bytes(number);
    }
    return SECONDS.includes(kind) ? duration(number * 1_000) : String(number);
  };
  return (trouble) => t(`platform.trouble.${trouble.kind}`, { subject: subject(trouble), value: value(trouble) });
}
