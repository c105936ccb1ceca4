import { Button, Flex, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { DRAGGED } from "./Canvas";
import type { NodeType } from "./data";
import { colourOf, FAMILIES, iconOf, kindsOf, type Family } from "./kinds";
import { kindName, wordsFor } from "./shown";

/** The kinds of steps: a click adds one, or it is dragged to its place. */
export function Palette({ types, add }: { types: readonly NodeType[]; add: (kind: string) => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const { token } = theme.useToken();
  const available = types.filter((type) => type.available).map((type) => type.kind);
  return (
    <nav
      aria-label={t("flows.palette")}
      style={{ width: 148, flex: "none", overflowY: "auto", padding: "8px 8px 16px", borderInlineEnd: `1px solid ${token.colorBorderSecondary}` }}
    >
      <Typography.Text type="secondary" style={{ fontSize: 12, paddingInline: 7 }}>
        {t("flows.paletteHint")}
      </Typography.Text>
      {(Object.keys(FAMILIES) as Family[]).map((family) => (
        <Flex vertical key={family} style={{ marginTop: 8 }}>
          <Typography.Text strong style={{ fontSize: 12, paddingInline: 7 }}>
            {t(`flows.family.${family}`)}
          </Typography.Text>
          {kindsOf(family, available).map((kind) => (
            <Tooltip key={kind} title={wordsFor(i18n, `flows.about.${kind}`, "")} placement="right" mouseEnterDelay={0.5}>
              <Button
                type="text"
                size="small"
                draggable
                icon={<span style={{ color: colourOf(kind, token) }}>{iconOf(kind)}</span>}
                style={{ justifyContent: "flex-start", height: 28, cursor: "grab" }}
                onDragStart={(event) => {
                  event.dataTransfer.setData(DRAGGED, kind);
                  event.dataTransfer.effectAllowed = "move";
                }}
                onClick={() => add(kind)}
              >
                {kindName(i18n, kind)}
              </Button>
            </Tooltip>
          ))}
        </Flex>
      ))}
    </nav>
  );
}
