import { Col, Descriptions, Form, Input, Row, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { phone } from "../kit/format";
import type { Hotline } from "./data";

/** Its name, and what only the platform sets. */
export function About({ hotline }: { hotline: Hotline }): ReactNode {
  const { t } = useTranslation();
  const limit = hotline.concurrent_limit;
  return (
    <Row gutter={24}>
      <Col xs={24} lg={12}>
        <Form.Item
          name="name"
          label={t("hotlines.name")}
          rules={[{ required: true, whitespace: true, message: t("app.required") }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Descriptions
          column={1}
          size="small"
          bordered
          items={[
            { key: "number", label: t("hotlines.number"), children: phone(hotline.number) },
            { key: "status", label: t("hotlines.statusTitle"), children: t(`hotlines.status.${hotline.status}`) },
            {
              key: "limit",
              label: t("hotlines.limit"),
              children: limit === null ? t("hotlines.unlimited") : t("hotlines.lines", { count: limit }),
            },
          ]}
        />
        <Typography.Paragraph type="secondary" style={{ marginTop: 8 }}>
          {t("hotlines.aboutPlatform")}
        </Typography.Paragraph>
      </Col>
    </Row>
  );
}
