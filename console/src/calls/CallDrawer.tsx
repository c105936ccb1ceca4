import { ExpandOutlined } from "@ant-design/icons";
import { Drawer, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useEnterpriseId } from "../app/acting";
import { LinkButton } from "../kit/LinkButton";
import { LoadFailed } from "../kit/LoadFailed";
import { CallStory } from "./CallStory";
import { useCall, type Call } from "./data";

/** A call of a list, beside it. */
export function CallDrawer({ call, close }: { call: Call; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const enterpriseId = useEnterpriseId() ?? ownerOf(call);
  const detail = useCall(call.id, enterpriseId);
  return (
    <Drawer
      open
      size={680}
      title={t("calls.detail")}
      onClose={close}
      extra={
        <LinkButton to={addressOfCall(call.id, ownerOf(call))} icon={<ExpandOutlined />}>
          {t("calls.open")}
        </LinkButton>
      }
    >
      {detail.isPending && <Skeleton active paragraph={{ rows: 12 }} />}
      {detail.isError && <LoadFailed error={detail.error} retry={() => void detail.refetch()} />}
      {detail.data && <CallStory call={detail.data} enterpriseId={enterpriseId} until={detail.dataUpdatedAt} />}
    </Drawer>
  );
}

/** Where a call has its own page; an operator's link says whose it is. */
function addressOfCall(id: string, owner: string | null): string {
  return owner === null ? `/calls/${id}` : `/calls/${id}?of=${owner}`;
}

/** In the operator's list each call names its enterprise. */
export function ownerOf(call: Call): string | null {
  return "enterprise_id" in call && typeof call.enterprise_id === "string" ? call.enterprise_id : null;
}
