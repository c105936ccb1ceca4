import { CheckCircleOutlined } from "@ant-design/icons";
import { Button, Flex, Result, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useEditor } from "./editor";
import { nodeById } from "./graph";
import { iconOf } from "./kinds";
import { problemWords, titleOf } from "./shown";

/** What keeps the draft from being published; a click goes there. */
export function ProblemsPanel(): ReactNode {
  const { t, i18n } = useTranslation();
  const { graph, problems, show } = useEditor();
  if (problems.length === 0) {
    return <Result icon={<CheckCircleOutlined style={{ fontSize: 32 }} />} status="success" subTitle={t("flows.problemsNone")} style={{ padding: 24 }} />;
  }
  return (
    <Flex vertical gap={4}>
      <Typography.Text type="secondary">{t("flows.problemsSome", { count: problems.length })}</Typography.Text>
      {problems.map((problem, place) => {
        const node = nodeById(graph, problem.node);
        return (
          <Button
            key={place}
            type="text"
            icon={node ? iconOf(node.kind) : undefined}
            style={{ height: "auto", justifyContent: "flex-start", textAlign: "start", whiteSpace: "normal", paddingBlock: 6 }}
            onClick={() => problem.node && show(problem.node)}
          >
            <span>
              <strong>{node ? titleOf(i18n, node) : t("flows.wholeFlow")}</strong>
              <br />
              <Typography.Text type="danger">
                {problemWords(i18n, node, problem)}
              </Typography.Text>
            </span>
          </Button>
        );
      })}
    </Flex>
  );
}
