import { Flex, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { HourFigures } from "./data";
import { hourInChina, ticksFor } from "./figures";

const HEIGHT = 168;

/** The day's calls by the hour: those answered below, the others above them. */
export function HourBars({ hours, at }: { hours: readonly HourFigures[]; at: string }): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const ticks = ticksFor(Math.max(0, ...hours.map((one) => one.calls)));
  const top = ticks.at(-1) ?? 1;
  const now = hourInChina(at);
  const tall = (calls: number): number => (calls / top) * HEIGHT;
  return (
    <Flex vertical gap={8}>
      <Flex gap={16}>
        <Legend colour={token.colorPrimary} words={t("today.answered")} />
        <Legend colour={token.colorPrimaryBorder} words={t("today.others")} />
      </Flex>
      <div style={{ position: "relative", paddingInlineStart: 32 }}>
        {ticks.map((tick) => (
          <div
            key={tick}
            style={{ position: "absolute", insetInline: 0, top: HEIGHT - tall(tick), borderTop: `1px solid ${token.colorBorderSecondary}` }}
          >
            <Typography.Text type="secondary" style={{ position: "absolute", top: -10, fontSize: 12, background: token.colorBgContainer, paddingInlineEnd: 4 }}>
              {tick}
            </Typography.Text>
          </div>
        ))}
        <ol style={{ display: "flex", gap: 4, height: HEIGHT + 24, margin: 0, padding: 0, listStyle: "none", position: "relative" }}>
          {hours.map(({ hour, calls, answered }) => {
            const words = t("today.hourWords", { hour, next: hour + 1, calls, answered });
            return (
              <Tooltip key={hour} title={words}>
                <li aria-label={words} style={{ flex: 1, display: "flex", flexDirection: "column", justifyContent: "flex-end", alignItems: "center" }}>
                  <Bar height={tall(calls - answered)} colour={token.colorPrimaryBorder} />
                  <Bar height={tall(answered)} colour={token.colorPrimary} />
                  <Typography.Text
                    type={hour === now ? undefined : "secondary"}
                    strong={hour === now}
                    style={{ height: 24, lineHeight: "24px", fontSize: 12 }}
                  >
                    {hour % 2 === 0 || hour === now ? hour : " "}
                  </Typography.Text>
                </li>
              </Tooltip>
            );
          })}
        </ol>
      </div>
    </Flex>
  );
}

function Bar({ height, colour }: { height: number; colour: string }): ReactNode {
  return <div style={{ width: "70%", maxWidth: 28, height, background: colour, borderRadius: 2 }} />;
}

function Legend({ colour, words }: { colour: string; words: string }): ReactNode {
  return (
    <Flex gap={6} align="center">
      <span style={{ width: 10, height: 10, background: colour, borderRadius: 2 }} />
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {words}
      </Typography.Text>
    </Flex>
  );
}
