import { Flex, Form, Select, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { STRATEGIES } from "./data";

/** By which rule agents are chosen, each in a sentence. */
export function StrategyField(): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item name="strategy" label={t("queues.strategyTitle")}>
      <Select
        options={STRATEGIES.map((strategy) => ({
          value: strategy,
          label: t(`queues.strategy.${strategy}`),
          help: t(`queues.strategyHelp.${strategy}`),
        }))}
        optionRender={(option) => (
          <Flex vertical>
            <span>{option.label}</span>
            <Typography.Text type="secondary" style={{ fontSize: 12, whiteSpace: "normal" }}>
              {String(option.data["help"] ?? "")}
            </Typography.Text>
          </Flex>
        )}
        listHeight={420}
      />
    </Form.Item>
  );
}
