import { Col, Row } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { Carriers } from "./Carriers";
import { Database } from "./Database";
import { useStatus } from "./data";
import { JobsTable } from "./JobsTable";
import { NodesTable } from "./NodesTable";
import { Troubles } from "./Troubles";

/** How the site is, for the operator. */
export default function StatusPage(): ReactNode {
  const { t } = useTranslation();
  const { data, error, refetch } = useStatus();
  return (
    <Page title={t("platform.title")} hint={t("platform.hint")}>
      {data && (
        <>
          <Troubles troubles={data.troubles} />
          <NodesTable nodes={data.nodes} />
          <Row gutter={[16, 16]}>
            <Col xs={24} xl={14}>
              <JobsTable jobs={data.jobs} recordings={data.recordings} />
            </Col>
            <Col xs={24} md={12} xl={5}>
              <Database database={data.database} />
            </Col>
            <Col xs={24} md={12} xl={5}>
              <Carriers carriers={data.carriers} />
            </Col>
          </Row>
        </>
      )}
      {!data && error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
    </Page>
  );
}
