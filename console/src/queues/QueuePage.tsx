import { ArrowLeftOutlined } from "@ant-design/icons";
import { Alert, App, Button, Card, Flex, Form, Tabs, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";

import { may, useMe } from "../app/session";
import { useSending } from "../kit/FormDrawer";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { After, Basics } from "./Basics";
import { useChangeQueue, useQueue, type CheckedQueue } from "./data";
import { Leaving } from "./Leaving";
import { Members } from "./Members";
import { People } from "./People";
import { changeOf, settingsOf, tabOf, TABS, type Settings, type TabName } from "./settings";
import { WaitingPart } from "./WaitingPart";

export default function QueuePage(): ReactNode {
  const { queueId = "" } = useParams();
  const queue = useQueue(queueId);
  if (queue.isError) {
    return <LoadFailed error={queue.error} retry={() => void queue.refetch()} />;
  }
  return queue.data ? <Editor key={queueId} queue={queue.data} /> : <PageSkeleton />;
}

/** A queue's members and settings, a tab each. */
function Editor({ queue }: { queue: CheckedQueue }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const mayWrite = may(useMe(), "queues.write");
  const [form] = Form.useForm<Settings>();
  const [tab, setTab] = useTab();
  // What is edited was seen so; a newer one that arrives meanwhile is not mixed into it.
  const [seen, setSeen] = useState(queue);
  const [dirty, setDirty] = useState(false);
  const saving = useChangeQueue(seen, t("app.saved"));
  const { busy, refused, send } = useSending<Settings>(
    form,
    async (settings) => {
      const saved = await saving.mutateAsync(changeOf(settings));
      setSeen(saved);
      form.setFieldsValue(settingsOf(saved));
    },
    () => setDirty(false),
  );
  /** Opens the tab in which something is wrong. */
  const lookAtErrors = (): void => {
    const wrong = form.getFieldsError().find((field) => field.errors.length > 0);
    if (wrong) {
      setTab(tabOf(String(wrong.name[0])));
      void message.warning(t("queues.check"));
    }
  };
  const parts: Readonly<Record<TabName, ReactNode>> = {
    // Stands below: it is saved by itself.
    members: null,
    basics: <Basics />,
    waiting: <WaitingPart />,
    leaving: <Leaving queueId={queue.id} />,
    people: <People />,
    after: <After />,
  };
  return (
    <Page
      title={
        <Flex align="center" gap={12}>
          <Link to="/queues" aria-label={t("queues.back")} title={t("queues.back")}>
            <ArrowLeftOutlined />
          </Link>
          {seen.name}
          {seen.extension && <Typography.Text type="secondary">{seen.extension}</Typography.Text>}
        </Flex>
      }
      actions={
        mayWrite &&
        tab !== "members" && (
          <Flex gap={8} align="center">
            {dirty && <Typography.Text type="warning">{t("queues.unsaved")}</Typography.Text>}
            <Button
              disabled={!dirty}
              onClick={() => {
                form.resetFields();
                setDirty(false);
              }}
            >
              {t("queues.reset")}
            </Button>
            <Button type="primary" loading={busy} disabled={!dirty} onClick={() => form.submit()}>
              {t("app.save")}
            </Button>
          </Flex>
        )
      }
    >
      {refused && <Alert type="error" showIcon title={refused} />}
      {seen.problems.map((problem) => (
        <Alert key={problem.code} type="warning" showIcon title={problem.message} />
      ))}
      <Card styles={{ body: { paddingTop: 8 } }}>
        <Form<Settings>
          key={seen.version}
          form={form}
          layout="vertical"
          disabled={!mayWrite}
          initialValues={settingsOf(seen)}
          onValuesChange={() => setDirty(true)}
          onFinish={(settings) => void send(settings).then(lookAtErrors)}
          onFinishFailed={lookAtErrors}
        >
          <Tabs
            activeKey={tab}
            onChange={(key) => setTab(key as TabName)}
            items={TABS.map((key) => ({ key, label: t(`queues.tab.${key}`), children: parts[key], forceRender: true }))}
          />
        </Form>
        {tab === "members" && <Members queueId={queue.id} />}
      </Card>
    </Page>
  );
}

/** The open tab, kept in the address. */
function useTab(): [TabName, (tab: TabName) => void] {
  const [address, setAddress] = useSearchParams();
  const tab = TABS.find((one) => one === address.get("tab")) ?? "members";
  return [tab, (chosen) => setAddress({ tab: chosen }, { replace: true })];
}
