import { Alert, Button, Card, Col, DatePicker, Form, Input, Row, Timeline, Typography } from "antd";
import type { Dayjs } from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useAllGroups } from "../kit/choices";
import { useSending } from "../kit/FormDrawer";
import { useDryRun, type DryRunResult, type Hotline } from "./data";
import { groupOf, keysOf } from "./settings";

type Step = DryRunResult["path"][number];

interface Imagined {
  caller?: string;
  at?: Dayjs | null;
  keys?: string;
}

/** An imagined call: where it would go, and why. */
export function Trial({ hotline, dirty }: { hotline: Hotline; dirty: boolean }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Imagined>();
  const run = useDryRun(hotline.id);
  const { busy, refused, send } = useSending<Imagined>(
    form,
    ({ caller, at, keys }) =>
      run.mutateAsync({ caller: caller?.trim() ?? "", at: at?.toISOString() ?? null, keys: keysOf(keys ?? "") }),
    () => undefined,
  );
  return (
    <Row gutter={[24, 16]}>
      <Col xs={24} lg={9}>
        <Typography.Paragraph type="secondary">{t("hotlines.trial.hint")}</Typography.Paragraph>
        {dirty && <Alert type="warning" showIcon title={t("hotlines.trial.dirty")} style={{ marginBottom: 12 }} />}
        {refused && <Alert type="error" showIcon title={refused} style={{ marginBottom: 12 }} />}
        <Form<Imagined> form={form} layout="vertical" onFinish={(values) => void send(values)}>
          <Form.Item name="caller" label={t("hotlines.trial.caller")}>
            <Input inputMode="tel" placeholder={t("hotlines.trial.callerPlaceholder")} />
          </Form.Item>
          <Form.Item name="at" label={t("hotlines.trial.at")}>
            <DatePicker
              showTime={{ format: "HH:mm" }}
              format="YYYY-MM-DD HH:mm"
              placeholder={t("hotlines.trial.now")}
              style={{ width: "100%" }}
            />
          </Form.Item>
          {(hotline.flow_id !== null || hotline.menu !== null) && (
            <Form.Item name="keys" label={t("hotlines.trial.keys")} extra={t("hotlines.trial.keysHelp")}>
              <Input placeholder={t("hotlines.trial.keysPlaceholder")} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("hotlines.trial.run")}
          </Button>
        </Form>
      </Col>
      <Col xs={24} lg={15}>{run.data && <Way result={run.data} hotline={hotline} />}</Col>
    </Row>
  );
}

function Way({ result, hotline }: { result: DryRunResult; hotline: Hotline }): ReactNode {
  const { t } = useTranslation();
  const groups = useAllGroups().data ?? [];
  const nameOf = (step: Step): string => {
    const group = groups.find((one) => one.id === groupOf(hotline, step));
    const kind = t(`hotlines.trial.kind.${step.kind}` as "hotlines.trial.kind.play", step.kind);
    return step.title || (group ? t("hotlines.toGroup", { name: group.name }) : kind);
  };
  /** In a flow exits are named by who drew it; those of plain settings are words of the machine. */
  const exitOf = ({ exit }: Step): string =>
    t(`hotlines.trial.exit.${exit}` as "hotlines.trial.exit.open", hotline.flow_id === null ? "" : exit);
  if (result.refused) {
    const rule = t(`hotlines.trial.rule.${result.refused}` as "hotlines.trial.rule.closed", result.refused);
    return <Alert type="warning" showIcon title={t("hotlines.trial.refused")} description={rule} />;
  }
  const endedBy = result.ended_by as "caller" | "callee" | "system";
  return (
    <Card size="small" title={t("hotlines.trial.way")}>
      <Timeline
        style={{ marginTop: 16 }}
        items={[
          ...result.path.map((step, place) => ({
            key: `${place}`,
            content: (
              <>
                <Typography.Text strong>{nameOf(step)}</Typography.Text> {step.exit && exitOf(step)}
                <div>
                  <Typography.Text type="secondary">{step.reason}</Typography.Text>
                </div>
              </>
            ),
          })),
          {
            key: "end",
            color: "gray",
            content: `${t("hotlines.trial.ended")}：${t(`hotlines.trial.endedBy.${endedBy}`)}`,
          },
        ]}
      />
    </Card>
  );
}
