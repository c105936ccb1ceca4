import { Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { phone } from "../kit/format";
import type { OwnCall } from "./data";
import { nameOf, talkOf } from "./talk";

/** The other side's number, and where it is. */
export function CallerName({ call }: { call: OwnCall }): ReactNode {
  const { t } = useTranslation();
  const { details } = call;
  const region = details ? [...new Set([details.province, details.city])].filter(Boolean).join(" ") : "";
  return (
    <>
      <strong>{call.number ? phone(call.number) : t("phone.anonymous")}</strong>
      {region && <Typography.Text type="secondary"> {region}</Typography.Text>}
      {details?.vip && (
        <Tag color="gold" style={{ marginInlineStart: 8 }}>
          {t("phone.vip")}
        </Tag>
      )}
    </>
  );
}

/** What goes on in the call, where that is more than its state. */
export function useTalkWords(call: OwnCall, supervising: boolean): string {
  const { t } = useTranslation();
  const { stage, other } = talkOf(call);
  const name = nameOf(other);
  if (supervising && stage !== "offered") {
    return t("phone.supervising");
  }
  switch (stage) {
    case "ringing_colleague":
      return t("phone.ringsColleague", { name });
    case "asking":
      return t("phone.withColleague", { name });
    case "three_way":
      return t("phone.threeTalk", { name });
    case "consulted":
      return t("phone.consultedBy", { name });
    case "held":
      return t("phone.held");
    case "talking":
      return t("phone.talking");
    case "offered":
      return call.direction === "outbound" ? t("phone.calling") : t("phone.incoming");
  }
}
