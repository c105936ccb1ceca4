import { ArrowLeftOutlined } from "@ant-design/icons";
import { Alert, App, Button, Card, Flex, Form, Tabs, Tag, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";

import { may, useMe } from "../app/session";
import { useSending } from "../kit/FormDrawer";
import { phone } from "../kit/format";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { About } from "./About";
import { STATUS_COLOURS, useHotline, useSaveHotline, type Hotline } from "./data";
import { Reception } from "./Reception";
import { RegionsField } from "./RegionsField";
import { changeOf, settingsOf, tabOf, TABS, type Settings, type TabName } from "./settings";
import { Talk } from "./Talk";
import { Trial } from "./Trial";

export default function HotlinePage(): ReactNode {
  const { hotlineId = "" } = useParams();
  const hotline = useHotline(hotlineId);
  if (hotline.isError) {
    return <LoadFailed error={hotline.error} retry={() => void hotline.refetch()} />;
  }
  return hotline.data ? <Editor key={hotlineId} hotline={hotline.data} /> : <PageSkeleton />;
}

function Editor({ hotline }: { hotline: Hotline }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const mayWrite = may(useMe(), "hotlines.write");
  const [form] = Form.useForm<Settings>();
  const [tab, setTab] = useTab();
  // What is edited was seen so; a newer one that arrives meanwhile is not mixed into it.
  const [seen, setSeen] = useState(hotline);
  const [dirty, setDirty] = useState(false);
  const saving = useSaveHotline(seen);
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
      void message.warning(t("hotlines.check"));
    }
  };
  return (
    <Page
      title={
        <Flex align="center" gap={12}>
          <Link to="/hotlines" aria-label={t("hotlines.back")} title={t("hotlines.back")}>
            <ArrowLeftOutlined />
          </Link>
          {seen.name}
          <Typography.Text type="secondary">{phone(seen.number)}</Typography.Text>
          <Tag color={STATUS_COLOURS[seen.status]}>{t(`hotlines.status.${seen.status}`)}</Tag>
        </Flex>
      }
      actions={
        mayWrite && (
          <Flex gap={8} align="center">
            {dirty && <Typography.Text type="warning">{t("hotlines.unsaved")}</Typography.Text>}
            <Button
              disabled={!dirty}
              onClick={() => {
                form.resetFields();
                setDirty(false);
              }}
            >
              {t("hotlines.reset")}
            </Button>
            <Button type="primary" loading={busy} disabled={!dirty} onClick={() => form.submit()}>
              {t("app.save")}
            </Button>
          </Flex>
        )
      }
    >
      {refused && <Alert type="error" showIcon title={refused} />}
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
            items={[
              { key: "reception", children: <Reception /> },
              { key: "regions", children: <RegionsField /> },
              { key: "talk", children: <Talk /> },
              { key: "about", children: <About hotline={seen} /> },
              // Stands below: a form in a form is none.
              { key: "trial", children: null },
            ].map((item) => ({ ...item, label: t(`hotlines.tab.${item.key as TabName}`), forceRender: true }))}
          />
        </Form>
        {tab === "trial" && <Trial hotline={seen} dirty={dirty} />}
      </Card>
    </Page>
  );
}

/** The open tab, kept in the address. */
function useTab(): [TabName, (tab: TabName) => void] {
  const [address, setAddress] = useSearchParams();
  const tab = TABS.find((one) => one === address.get("tab")) ?? "reception";
  return [tab, (chosen) => setAddress({ tab: chosen }, { replace: true })];
}
