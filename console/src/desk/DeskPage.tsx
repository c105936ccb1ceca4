import { Col, Flex, Row } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { BulletinsCard, ImportantBulletins } from "../bulletins/OwnBulletins";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { PageSkeleton } from "../kit/PageSkeleton";
import { useOwnAgent, useOwnCall } from "../phone/data";
import { PhoneTrouble } from "../phone/PhoneMenu";
import { useWork, type Work } from "../phone/work";
import { ColleaguesCard, LatestCalls, OwnQueues, Today } from "./Aside";
import { CallCard } from "./CallCard";
import { Dialler, Idle, WrapUp } from "./Quiet";

/** Where an agent spends the day. */
export default function DeskPage(): ReactNode {
  const { t } = useTranslation();
  const work = useWork();
  const agent = useOwnAgent();
  if (!work) {
    return agent.isError ? <LoadFailed error={agent.error} retry={() => void agent.refetch()} /> : <PageSkeleton />;
  }
  return (
    <Page title={t("desk.title")} hint={`${work.agent.agent.name} · ${work.agent.agent.extension}`} live>
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={16}>
          <Flex vertical gap={16}>
            <ImportantBulletins />
            <PhoneTrouble work={work} />
            <Now work={work} />
            {!work.call && <Dialler />}
            <LatestCalls />
          </Flex>
        </Col>
        <Col xs={24} lg={8}>
          <Flex vertical gap={16}>
            <OwnQueues />
            <BulletinsCard />
            <Today work={work} />
            <ColleaguesCard work={work} />
          </Flex>
        </Col>
      </Row>
    </Page>
  );
}

function Now({ work }: { work: Work }): ReactNode {
  const { state, wrap_up_until: until, call_id: callId } = work.agent.presence;
  const call = useOwnCall();
  if (work.call) {
    return <CallCard work={work} call={work.call} />;
  }
  // There is a call of which nothing is known yet: "no calls" would be wrong.
  if (callId && call.isError) {
    return <LoadFailed error={call.error} retry={() => void call.refetch()} />;
  }
  if (callId && call.isFetching) {
    return <PageSkeleton />;
  }
  return state === "wrap_up" && until ? <WrapUp work={work} until={until} /> : <Idle work={work} />;
}
