import { Button } from "antd";
import { useState, type ReactNode } from "react";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** Keys that are sent to the other side; those of the keyboard do the same while it is open. */
export function Keypad({ press }: { press: (key: string) => void }): ReactNode {
  const [pressed, setPressed] = useState("");
  const send = (key: string): void => {
    setPressed((before) => (before + key).slice(-20));
    press(key);
  };
  return (
    <div
      onKeyDown={(event) => {
        if (!event.altKey && !event.ctrlKey && KEYS.includes(event.key)) {
          send(event.key);
        }
      }}
      style={{ display: "grid", gridTemplateColumns: "repeat(3, 56px)", gap: 8 }}
    >
      <output style={{ gridColumn: "1 / -1", minHeight: 22, textAlign: "center", letterSpacing: 2 }}>{pressed}</output>
      {KEYS.map((key, place) => (
        <Button key={key} size="large" autoFocus={place === 0} onClick={() => send(key)}>
          {key}
        </Button>
      ))}
    </div>
  );
}
