import { Flex, Input, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isRecord } from "../graph";

/** A JSON object as text; what is none is not kept. */
export function JsonField({ value, onChange, label }: { value: unknown; onChange: (value: unknown) => void; label: string }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState(() => (isRecord(value) ? JSON.stringify(value, null, 2) : ""));
  const [isWrong, setWrong] = useState(false);
  const change = (written: string): void => {
    setText(written);
    if (written.trim() === "") {
      setWrong(false);
      onChange(null);
      return;
    }
    try {
      const parsed: unknown = JSON.parse(written);
      setWrong(!isRecord(parsed));
      if (isRecord(parsed)) {
        onChange(parsed);
      }
    } catch {
      setWrong(true);
    }
  };
  return (
    <Flex vertical>
      <Input.TextArea
        aria-label={label}
        autoSize={{ minRows: 3, maxRows: 10 }}
        status={isWrong ? "error" : ""}
        value={text}
        onChange={(event) => change(event.target.value)}
        spellCheck={false}
      />
      {isWrong && <Typography.Text type="danger">{t("flows.notJson")}</Typography.Text>}
    </Flex>
  );
}
