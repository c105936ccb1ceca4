import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isRecord } from "../graph";

type Pair = readonly [string, string];

/** Names with texts. Pairs whose name is not written yet are not kept. */
export function MapField({ value, onChange, label }: { value: unknown; onChange: (map: Record<string, string>) => void; label: string }): ReactNode {
  const { t } = useTranslation();
  const [pairs, setPairs] = useState<Pair[]>(() => (isRecord(value) ? Object.entries(value).map(([name, text]) => [name, String(text)] as const) : []));
  const change = (changed: Pair[]): void => {
    setPairs(changed);
    onChange(Object.fromEntries(changed.filter(([name]) => name !== "")));
  };
  const put = (place: number, pair: Pair): void => change(pairs.map((one, at) => (at === place ? pair : one)));
  return (
    <Flex vertical gap={6} role="group" aria-label={label}>
      {pairs.map(([name, text], place) => (
        <Flex gap={4} key={place}>
          <Input
            aria-label={t("flows.pairName")}
            placeholder={t("flows.pairName")}
            style={{ width: "40%" }}
            value={name}
            onChange={(event) => put(place, [event.target.value, text])}
          />
          <Input
            aria-label={t("flows.pairValue")}
            placeholder={t("flows.pairValue")}
            value={text}
            onChange={(event) => put(place, [name, event.target.value])}
          />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("app.remove")} onClick={() => change(pairs.filter((_, at) => at !== place))} />
        </Flex>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => setPairs([...pairs, ["", ""]])}>
        {t("flows.addPair")}
      </Button>
    </Flex>
  );
}
