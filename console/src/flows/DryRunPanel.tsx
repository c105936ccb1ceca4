import { CloseOutlined, LeftOutlined, PlayCircleOutlined, PlusOutlined, RightOutlined } from "@ant-design/icons";
import { Alert, Button, DatePicker, Flex, Form, Input, Select, Tag, Timeline, Typography } from "antd";
import dayjs from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useChange } from "../kit/data";
import type { DryRun, DryRunResult, PathStep } from "./data";
import { useEditor } from "./editor";
import { namesOf } from "./exits";
import { nodeById } from "./graph";
import type { Lit } from "./lit";
import { exitLabel, titleOf, wordsFor } from "./shown";

interface Shown {
  run: (call: DryRun) => Promise<DryRunResult>;
  lit: Lit | null;
  light: (lit: Lit | null) => void;
}

const HANGUP = "hangup";
/** Nodes that reach out of the call: what comes of that can only be supposed. */
const SUPPOSED = ["group", "transfer", "extension", "queue", "voicemail", "survey", "password", "http", "caller_list"];

/** An imagined call: who calls, when, what is keyed in, and the path that it takes. */
export function DryRunPanel({ run, lit, light }: Shown): ReactNode {
  const { t } = useTranslation();
  const [caller, setCaller] = useState("13800138000");
  const [at, setAt] = useState<dayjs.Dayjs | null>(null);
  const [keys, setKeys] = useState<string[]>([""]);
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [result, setResult] = useState<DryRunResult | null>(null);
  const running = useChange(run, { touches: [] });
  const start = async (supposed: Record<string, string>): Promise<void> => {
    setAnswers(supposed);
    const answer = await running.mutateAsync({ caller: caller.replace(/\s/g, ""), at: at?.toISOString() ?? null, keys, answers: supposed }).catch(() => null);
    setResult(answer);
    light(answer && answer.path.length > 0 ? { steps: answer.path, shown: 1 } : null);
  };
  return (
    <Flex vertical gap={12}>
      <Form component={false} layout="vertical">
        <Flex gap={8}>
          <Form.Item label={t("flows.dry.caller")} style={{ flex: 1, marginBottom: 10 }}>
            <Input aria-label={t("flows.dry.caller")} value={caller} maxLength={40} onChange={(event) => setCaller(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("flows.dry.at")} style={{ flex: 1, marginBottom: 10 }}>
            <DatePicker
              aria-label={t("flows.dry.at")}
              showTime={{ format: "HH:mm" }}
              format="MM-DD HH:mm"
              placeholder={t("flows.dry.now")}
              value={at}
              onChange={(chosen) => setAt(chosen)}
            />
          </Form.Item>
        </Flex>
        <Form.Item label={t("flows.dry.keys")} extra={t("flows.dry.keysHint")} style={{ marginBottom: 10 }}>
          <Keys keys={keys} setKeys={setKeys} />
        </Form.Item>
        <Button type="primary" block icon={<PlayCircleOutlined />} loading={running.isPending} onClick={() => void start(answers)}>
          {result ? t("flows.dry.again") : t("flows.dry.run")}
        </Button>
      </Form>
      {result ? <Path result={result} lit={lit} light={light} suppose={(node, exit) => void start({ ...answers, [node]: exit })} /> : <Typography.Text type="secondary">{t("flows.dry.first")}</Typography.Text>}
    </Flex>
  );
}

function Keys({ keys, setKeys }: { keys: readonly string[]; setKeys: (keys: string[]) => void }): ReactNode {
  const { t } = useTranslation();
  const put = (place: number, key: string): void => setKeys(keys.map((one, at) => (at === place ? key : one)));
  return (
    <Flex wrap gap={6}>
      {keys.map((key, place) => (
        <Flex key={place} align="center">
          {key === HANGUP ? (
            <Tag>{t("flows.dry.hangup")}</Tag>
          ) : (
            <Input
              aria-label={t("flows.dry.key", { number: place + 1 })}
              style={{ width: 72 }}
              value={key}
              maxLength={32}
              onChange={(event) => put(place, event.target.value.replace(/[^0-9*#]/g, ""))}
            />
          )}
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t("flows.removeEntry", { what: t("flows.dry.key", { number: place + 1 }) })}
            onClick={() => setKeys(keys.filter((_, at) => at !== place))}
          />
        </Flex>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => setKeys([...keys, ""])}>
        {t("flows.dry.addKey")}
      </Button>
      <Button size="small" onClick={() => setKeys([...keys, HANGUP])}>
        {t("flows.dry.hangup")}
      </Button>
    </Flex>
  );
}

interface PathShown {
  result: DryRunResult;
  lit: Lit | null;
  light: (lit: Lit | null) => void;
  suppose: (node: string, exit: string) => void;
}

function Path({ result, lit, light, suppose }: PathShown): ReactNode {
  const { t, i18n } = useTranslation();
  const { show, fit, graph } = useEditor();
  if (result.refused) {
    return <Alert type="warning" showIcon title={t("flows.dry.refused", { rule: wordsFor(i18n, `flows.rule.${result.refused}`, result.refused) })} />;
  }
  const shown = lit?.shown ?? result.path.length;
  const go = (to: number): void => {
    light({ steps: result.path, shown: to });
    const id = result.path[to - 1]?.node;
    if (id && nodeById(graph, id)) {
      show(id);
    }
  };
  const whole = (): void => {
    light({ steps: result.path, shown: result.path.length });
    fit();
  };
  const ended = result.ended_by as "caller" | "callee" | "system";
  return (
    <section aria-label={t("flows.panel.dryRun")}>
      <Flex justify="space-between" align="center" style={{ marginBottom: 12 }}>
        <Flex gap={4}>
          <Button size="small" icon={<LeftOutlined />} disabled={shown <= 1} aria-label={t("flows.dry.previous")} onClick={() => go(shown - 1)} />
          <Button size="small" icon={<RightOutlined />} disabled={shown >= result.path.length} aria-label={t("flows.dry.following")} onClick={() => go(shown + 1)} />
          <Button size="small" disabled={shown >= result.path.length} onClick={whole}>
            {t("flows.dry.whole")}
          </Button>
        </Flex>
        <Button size="small" type="text" onClick={() => light(null)}>
          {t("flows.dry.clear")}
        </Button>
      </Flex>
      <Timeline
        items={result.path.map((step, place) => ({
          key: place,
          color: place < shown ? "green" : "gray",
          content: <Step step={step} place={place} isCurrent={place === shown - 1} go={() => go(place + 1)} suppose={suppose} />,
        }))}
      />
      {ended && <Typography.Paragraph strong>{t("flows.dry.ended", { by: t(`flows.dry.endedBy.${ended}`) })}</Typography.Paragraph>}
      <Variables variables={result.variables} />
    </section>
  );
}

interface StepShown {
  step: PathStep;
  place: number;
  isCurrent: boolean;
  go: () => void;
  suppose: (node: string, exit: string) => void;
}

function Step({ step, place, isCurrent, go, suppose }: StepShown): ReactNode {
  const { t, i18n } = useTranslation();
  const { graph, exitsOf } = useEditor();
  const node = nodeById(graph, step.node);
  const exits = node && SUPPOSED.includes(node.kind) ? namesOf(exitsOf(node)) : [];
  return (
    <div>
      <Button type="link" size="small" style={{ padding: 0, fontWeight: isCurrent ? 600 : 400 }} onClick={go} aria-current={isCurrent ? "step" : undefined}>
        {place + 1}. {node ? titleOf(i18n, node) : step.node}
        {node && step.exit && ` → ${exitLabel(i18n, node, step.exit)}`}
      </Button>
      <div>
        <Typography.Text type="secondary" style={{ fontSize: 12 }}>
          {step.reason}
        </Typography.Text>
      </div>
      {node && exits.length > 0 && (
        <Flex gap={6} align="center">
          <Typography.Text style={{ fontSize: 12 }}>{t("flows.dry.instead")}</Typography.Text>
          <Select
            size="small"
            style={{ minWidth: 132 }}
            aria-label={t("flows.dry.instead")}
            value={step.exit}
            options={exits.map((exit) => ({ value: exit, label: exitLabel(i18n, node, exit) }))}
            onChange={(exit) => suppose(node.id, exit)}
          />
        </Flex>
      )}
    </div>
  );
}

/** What the call knows at its end, without what every call has. */
const EVERY_CALLS = ["caller", "province", "city", "area_code", "hotline", "date", "time", "weekday"];

function Variables({ variables }: { variables: Readonly<Record<string, string>> }): ReactNode {
  const { t } = useTranslation();
  const own = Object.entries(variables).filter(([name]) => !EVERY_CALLS.includes(name));
  if (own.length === 0) {
    return null;
  }
  return (
    <>
      <Typography.Text type="secondary">{t("flows.dry.variables")}</Typography.Text>
      {own.map(([name, value]) => (
        <div key={name}>
          <code>{name}</code> = {value}
        </div>
      ))}
    </>
  );
}
