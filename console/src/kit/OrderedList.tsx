import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, HolderOutlined } from "@ant-design/icons";
import { Button, Flex, theme } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { moved } from "./order";

interface Shown<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** How buttons call an item. */
  nameOf: (item: T) => string;
  children: (item: T, place: number) => ReactNode;
  onChange: (items: T[]) => void;
  /** What stands where nothing stands. */
  empty: ReactNode;
}

/** Items in an order that one changes by dragging, or by buttons; each can be taken out. */
export function OrderedList<T>({ items, keyOf, nameOf, children, onChange, empty }: Shown<T>): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const [dragged, setDragged] = useState<number | null>(null);
  if (items.length === 0) {
    return <div style={{ padding: 16, color: token.colorTextSecondary, textAlign: "center" }}>{empty}</div>;
  }
  const move = (from: number, to: number): void => onChange(moved(items, from, to));
  return (
    <ol style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {items.map((item, place) => (
        <li
          key={keyOf(item)}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            setDragged(place);
          }}
          onDragOver={(event) => {
            event.preventDefault();
            if (dragged !== null && dragged !== place) {
              move(dragged, place);
              setDragged(place);
            }
          }}
          onDragEnd={() => setDragged(null)}
          style={{
            borderBottom: `1px solid ${token.colorBorderSecondary}`,
            background: dragged === place ? token.colorFillTertiary : undefined,
          }}
        >
          <Flex align="center" gap={8} style={{ padding: "6px 4px" }}>
            <HolderOutlined style={{ cursor: "grab", color: token.colorTextTertiary }} />
            <span style={{ width: 24, color: token.colorTextSecondary }}>{place + 1}</span>
            <div style={{ flex: 1, minWidth: 0 }}>{children(item, place)}</div>
            <Button
              type="text"
              size="small"
              icon={<ArrowUpOutlined />}
              disabled={place === 0}
              aria-label={t("kit.order.up", { what: nameOf(item) })}
              onClick={() => move(place, place - 1)}
            />
            <Button
              type="text"
              size="small"
              icon={<ArrowDownOutlined />}
              disabled={place === items.length - 1}
              aria-label={t("kit.order.down", { what: nameOf(item) })}
              onClick={() => move(place, place + 1)}
            />
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t("kit.order.out", { what: nameOf(item) })}
              onClick={() => onChange(items.filter((_, other) => other !== place))}
            />
          </Flex>
        </li>
      ))}
    </ol>
  );
}
