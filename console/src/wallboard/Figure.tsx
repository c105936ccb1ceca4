import { Card, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";

/** How a figure is meant: nothing special, well, to be watched, bad. */
export type Mood = "plain" | "good" | "warn" | "bad";

interface Shown {
  label: string;
  help?: string;
  mood?: Mood;
  children: ReactNode;
}

/** A figure that is read from across the room. */
export function Figure({ label, help, mood = "plain", children }: Shown): ReactNode {
  const colour = useMoodColour(mood);
  return (
    <Card size="small">
      <Tooltip title={help}>
        <Typography.Text type="secondary">{label}</Typography.Text>
      </Tooltip>
      <div style={{ fontSize: 30, lineHeight: 1.25, fontWeight: 600, color: colour, whiteSpace: "nowrap" }}>{children}</div>
    </Card>
  );
}

export function useMoodColour(mood: Mood): string {
  const { token } = theme.useToken();
  return { plain: token.colorText, good: token.colorSuccess, warn: token.colorWarning, bad: token.colorError }[mood];
}
