import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** The keys of a menu, as they lie on a telephone. */
export function KeysField({ value, onChange }: { value: unknown; onChange: (keys: string[]) => void }): ReactNode {
  const { t } = useTranslation();
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const toggle = (key: string): void => onChange(KEYS.filter((one) => (one === key ? !chosen.includes(key) : chosen.includes(one))));
  return (
    <div role="group" aria-label={t("flows.setting.keys")} style={{ display: "grid", gridTemplateColumns: "repeat(3, 56px)", gap: 6 }}>
      {KEYS.map((key) => (
        <Button
          key={key}
          type={chosen.includes(key) ? "primary" : "default"}
          aria-pressed={chosen.includes(key)}
          aria-label={t("flows.pressKey", { key })}
          onClick={() => toggle(key)}
        >
          {key}
        </Button>
      ))}
    </div>
  );
}
