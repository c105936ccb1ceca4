import { CopyOutlined, DeleteOutlined, FlagOutlined } from "@ant-design/icons";
import { Alert, Button, Collapse, Empty, Flex, Form, Input, Select, theme, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useEditor } from "./editor";
import { isAsTimeout, namesOf, ownExits } from "./exits";
import { SettingField } from "./fields/SettingField";
import { changed, connected, disconnected, nodeById, pasted, removed, withSetting, type FlowNode } from "./graph";
import { colourOf, iconOf } from "./kinds";
import { isMeant, isRare, settingsOf, type Setting } from "./settings";
import { exitLabel, kindName, titleOf, wordsFor } from "./shown";

/** What is chosen on the canvas, and everything that can be said of it. */
export function NodePanel({ epoch }: { epoch: number }): ReactNode {
  const { t } = useTranslation();
  const { graph, chosen } = useEditor();
  const [first, ...others] = chosen;
  const node = first === undefined ? undefined : nodeById(graph, first);
  if (others.length > 0) {
    return <Many />;
  }
  return node ? <One key={`${node.id} ${epoch}`} node={node} /> : <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("flows.nothingChosen")} />;
}

function Many(): ReactNode {
  const { t } = useTranslation();
  const { chosen } = useEditor();
  return (
    <Flex vertical gap={16}>
      <Typography.Text>{t("flows.manyChosen", { count: chosen.length })}</Typography.Text>
      <Actions />
    </Flex>
  );
}

/** What can be done with the steps that are chosen. */
function Actions({ start }: { start?: FlowNode }): ReactNode {
  const { t } = useTranslation();
  const { graph, chosen, change, choose, readOnly } = useEditor();
  if (readOnly) {
    return null;
  }
  const duplicate = (): void => {
    const copies = pasted(graph, graph.nodes.filter((node) => chosen.includes(node.id)));
    change(() => copies.graph);
    choose(copies.ids);
  };
  return (
    <Flex gap={4}>
      {start && (
        <Tooltip title={t("flows.makeStart")}>
          <Button
            size="small"
            icon={<FlagOutlined />}
            aria-label={t("flows.makeStart")}
            disabled={graph.start === start.id}
            onClick={() => change((before) => ({ ...before, start: start.id }))}
          />
        </Tooltip>
      )}
      <Tooltip title={t("flows.duplicate")}>
        <Button size="small" icon={<CopyOutlined />} aria-label={t("flows.duplicate")} onClick={duplicate} />
      </Tooltip>
      <Tooltip title={t("app.remove")}>
        <Button size="small" danger icon={<DeleteOutlined />} aria-label={t("app.remove")} onClick={() => change((before) => removed(before, new Set(chosen)))} />
      </Tooltip>
    </Flex>
  );
}

function One({ node }: { node: FlowNode }): ReactNode {
  const { t, i18n } = useTranslation();
  const { token } = theme.useToken();
  const { types, exitsOf, change, problems, readOnly } = useEditor();
  const type = types.find((one) => one.kind === node.kind);
  const settings = type ? settingsOf(type).filter((setting) => isMeant(setting, node)) : [];
  const put = (name: string, value: unknown): void =>
    change((graph) => changed(graph, node.id, (before) => withSetting(before, name, value, (one) => ownExits(exitsOf, one))), `${node.id}.${name}`);
  const atFields = ["exits", ...settings.map((setting) => setting.name)];
  const general = problems.filter((one) => one.node === node.id && !atFields.includes(one.field.split(".")[0] ?? ""));
  const field = (setting: Setting): ReactNode => (
    <SettingField key={setting.name} node={node} setting={setting} onChange={(value) => put(setting.name, value)} />
  );
  const rare = settings.filter(isRare);
  return (
    <Form component={false} layout="vertical" disabled={readOnly}>
      <Flex justify="space-between" align="center" gap={8} style={{ marginBottom: 8 }}>
        <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
          <span style={{ color: colourOf(node.kind, token), marginInlineEnd: 8 }}>{iconOf(node.kind)}</span>
          {kindName(i18n, node.kind)}
        </Typography.Title>
        <Actions start={node} />
      </Flex>
      <Typography.Paragraph type="secondary" style={{ fontSize: 12 }}>
        {wordsFor(i18n, `flows.about.${node.kind}`, type?.description ?? "")}
      </Typography.Paragraph>
      {general.length > 0 && (
        <Alert type="error" showIcon style={{ marginBottom: 12 }} title={general.map((one) => <div key={one.code + one.message}>{one.message}</div>)} />
      )}
      <Form.Item label={t("flows.setting.title")} style={{ marginBottom: 14 }}>
        <Input
          aria-label={t("flows.setting.title")}
          maxLength={100}
          placeholder={kindName(i18n, node.kind)}
          value={node.title ?? ""}
          onChange={(event) => put("title", event.target.value || undefined)}
        />
      </Form.Item>
      {settings.filter((setting) => !isRare(setting)).map(field)}
      {rare.length > 0 && (
        <Collapse
          ghost
          size="small"
          style={{ marginInline: -12 }}
          items={[{ key: "rare", label: t("flows.rare"), forceRender: true, children: rare.map(field) }]}
        />
      )}
      <Ways node={node} />
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {t("flows.stepId", { id: node.id })}
      </Typography.Text>
    </Form>
  );
}

/** Where each exit leads: the same as drawing the ways, for those who use the keyboard. */
function Ways({ node }: { node: FlowNode }): ReactNode {
  const { t, i18n } = useTranslation();
  const { graph, exitsOf, change, problems } = useEditor();
  const exits = exitsOf(node);
  const names = namesOf(exits);
  if (names.length === 0) {
    return null;
  }
  const targets = graph.nodes.map((one) => ({ value: one.id, label: titleOf(i18n, one), more: one.id }));
  return (
    <section>
      <Typography.Title level={3} style={{ fontSize: 13 }}>
        {t("flows.leadsTo")}
      </Typography.Title>
      {names.map((exit) => {
        const isRequired = exits.required.includes(exit);
        const label = exitLabel(i18n, node, exit);
        const target = node.exits[exit];
        const wrong = problems.filter((one) => one.node === node.id && one.field === `exits.${exit}`);
        return (
          <Form.Item
            key={exit}
            label={label}
            required={isRequired}
            style={{ marginBottom: 10 }}
            {...(wrong.length > 0 ? { validateStatus: "error" } : {})}
            {...(wrong.some((one) => one.code !== "missing-exit") ? { help: wrong.map((one) => one.message).join("；") } : {})}
          >
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              aria-label={t("flows.whereTo", { exit: label })}
              placeholder={isRequired ? t("flows.notConnected") : t(isAsTimeout(node, exit) ? "flows.asTimeout" : "flows.ends")}
              value={target ?? null}
              options={targets}
              optionRender={(option) => (
                <>
                  {option.label} <span style={{ opacity: 0.6 }}>{option.data.more}</span>
                </>
              )}
              onChange={(to?: string) =>
                change((before) => (to ? connected(before, node.id, exit, to) : disconnected(before, node.id, exit)))
              }
            />
          </Form.Item>
        );
      })}
    </section>
  );
}
