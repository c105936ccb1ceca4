import { ArrowLeftOutlined } from "@ant-design/icons";
import { Alert, Button, Card, Col, DatePicker, Flex, Form, Input, Row, Typography } from "antd";
import type { Dayjs } from "dayjs";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { may, useMe } from "../app/session";
import { useSending } from "../kit/FormDrawer";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { CHINA, TimeZonePicker } from "../kit/TimeZonePicker";
import { useSaveSchedule, useSchedule, type Schedule, type ScheduleValues } from "./data";
import { PRESETS, type Weekly } from "./hours";
import { OwnDaysField } from "./OwnDaysField";
import { OpenNow } from "./OpenNow";
import { WeekField } from "./WeekField";

export default function SchedulePage(): ReactNode {
  const { scheduleId = "new" } = useParams();
  const schedule = useSchedule(scheduleId === "new" ? null : scheduleId);
  if (scheduleId === "new") {
    return <Editor seen={null} />;
  }
  if (schedule.isError) {
    return <LoadFailed error={schedule.error} retry={() => void schedule.refetch()} />;
  }
  return schedule.data ? <Editor key={scheduleId} seen={schedule.data} /> : <PageSkeleton />;
}

function Editor({ seen }: { seen: Schedule | null }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = may(useMe(), "schedules.write");
  const [form] = Form.useForm<ScheduleValues>();
  // What is edited was seen so; a newer one that arrives meanwhile is not mixed into it.
  const [first] = useState(seen);
  const save = useSaveSchedule(first);
  const { busy, refused, send } = useSending<ScheduleValues>(
    form,
    (values) => save.mutateAsync(values),
    () => void navigate("/schedules"),
  );
  const initial = first
    ? (first as unknown as ScheduleValues)
    : { name: t("schedules.newName"), time_zone: CHINA, weekly: PRESETS.office, special_days: {} };
  const weekly = Form.useWatch<Weekly | undefined>("weekly", form) ?? initial.weekly;
  return (
    <Page
      title={
        <Flex align="center" gap={12}>
          <Link to="/schedules" aria-label={t("schedules.back")} title={t("schedules.back")}>
            <ArrowLeftOutlined />
          </Link>
          {first?.name ?? t("schedules.add")}
        </Flex>
      }
      actions={
        mayWrite && (
          <Button type="primary" loading={busy} onClick={() => form.submit()}>
            {t("app.save")}
          </Button>
        )
      }
    >
      {refused && <Alert type="error" showIcon title={refused} />}
      <Form<ScheduleValues>
        form={form}
        layout="vertical"
        disabled={!mayWrite}
        initialValues={initial}
        onFinish={(values) => void send(values)}
      >
        <Row gutter={[16, 16]}>
          <Col xs={24} xl={9}>
            <Flex vertical gap={16}>
              <Card>
                <Form.Item
                  name="name"
                  label={t("schedules.name")}
                  rules={[{ required: true, whitespace: true, message: t("app.required") }]}
                >
                  <Input maxLength={100} placeholder={t("schedules.namePlaceholder")} />
                </Form.Item>
                <Form.Item name="time_zone" label={t("schedules.timeZone")} extra={t("schedules.timeZoneHelp")}>
                  <TimeZonePicker />
                </Form.Item>
                <Form.Item name="weekly" label={t("schedules.week")} style={{ marginBottom: 0 }}>
                  <WeekField />
                </Form.Item>
              </Card>
              {first && <Ask id={first.id} />}
            </Flex>
          </Col>
          <Col xs={24} xl={15}>
            <Card>
              <Form.Item
                name="special_days"
                label={t("schedules.calendar")}
                extra={t("schedules.calendarHint")}
                style={{ marginBottom: 0 }}
              >
                <OwnDaysField weekly={weekly} />
              </Form.Item>
            </Card>
          </Col>
        </Row>
      </Form>
    </Page>
  );
}

/** Whether it is open now, or at any instant. */
function Ask({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const [at, setAt] = useState<Dayjs | null>(null);
  return (
    <Card size="small">
      <Flex justify="space-between" align="center" gap={8}>
        <DatePicker
          aria-label={t("schedules.askTitle")}
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          placeholder={t("schedules.now")}
          disabled={false}
          value={at}
          onChange={setAt}
        />
        <OpenNow id={id} at={at?.toISOString() ?? null} />
        <Typography.Text type="secondary">{t("schedules.saved")}</Typography.Text>
      </Flex>
    </Card>
  );
}
