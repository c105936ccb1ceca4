import { ArrowLeftOutlined } from "@ant-design/icons";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";

import { useEnterpriseId } from "../app/acting";
import { phone } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { Page } from "../kit/Page";
import { useLiveRefresh } from "../live/live";
import { CallStory } from "./CallStory";
import { useCall } from "./data";

/** A call at an address of its own, so that a link opens it. */
export default function CallPage(): ReactNode {
  const { t } = useTranslation();
  const { callId = "" } = useParams();
  const [address] = useSearchParams();
  const enterpriseId = useEnterpriseId() ?? address.get("of");
  const detail = useCall(callId, enterpriseId);
  useLiveRefresh(["call"], (message) => message.call_id === callId);
  const call = detail.data;
  return (
    <Page
      title={call ? `${t("calls.detail")} ${phone(call.caller) || t("calls.anonymous")}` : t("calls.detail")}
      live={call !== undefined && call.ended_at === null}
      actions={
        <LinkButton to="/calls" icon={<ArrowLeftOutlined />}>
          {t("calls.back")}
        </LinkButton>
      }
    >
      {detail.isPending && <Skeleton active paragraph={{ rows: 14 }} />}
      {detail.isError && <LoadFailed error={detail.error} retry={() => void detail.refetch()} />}
      {call && <CallStory wide call={call} enterpriseId={enterpriseId} until={detail.dataUpdatedAt} />}
    </Page>
  );
}
