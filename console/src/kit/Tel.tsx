import { PhoneOutlined } from "@ant-design/icons";
import { Button, Space } from "antd";
import { createContext, useContext, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { phone } from "./format";

type Dial = (number: string) => void;
const Dialling = createContext<Dial | null>(null);

/** Gives the pages inside a phone to dial with. */
export const DiallingProvider = Dialling.Provider;

/** Dials a number on one's own device; null for those who are no agents. */
export function useDial(): Dial | null {
  return useContext(Dialling);
}

/** What can be dialled: digits, at least those of an extension. */
const DIALLED = /^\+?\d{2,20}$/;

/** A phone number as people read it, which agents may call. */
export function Tel({ number, otherwise = "" }: { number: string | null | undefined; otherwise?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const dial = useDial();
  if (!number) {
    return otherwise;
  }
  if (!dial || !DIALLED.test(number)) {
    return phone(number);
  }
  return (
    <Space size={4} style={{ whiteSpace: "nowrap" }}>
      {phone(number)}
      <Button
        type="text"
        size="small"
        icon={<PhoneOutlined />}
        aria-label={t("kit.dial", { number })}
        title={t("kit.dial", { number })}
        onClick={() => dial(number)}
      />
    </Space>
  );
}
