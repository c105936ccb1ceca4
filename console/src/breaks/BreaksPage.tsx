import { Col, Row } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "../kit/Page";
import { Dispositions } from "./Dispositions";
import { Reasons } from "./Reasons";

/** Why agents take breaks, and how calls can come out. */
export default function BreaksPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t("breaks.title")} hint={t("breaks.hint")}>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={10}>
          <Reasons />
        </Col>
        <Col xs={24} xl={14}>
          <Dispositions />
        </Col>
      </Row>
    </Page>
  );
}
