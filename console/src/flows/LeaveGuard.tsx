import { Button, Modal } from "antd";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";

/** Asks before changes are lost by going elsewhere. */
export function LeaveGuard({ when, save }: { when: boolean; save: () => Promise<boolean> }): ReactNode {
  const { t } = useTranslation();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => when && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!when) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [when]);
  if (blocker.state !== "blocked") {
    return null;
  }
  const saveAndGo = async (): Promise<void> => {
    if (await save()) {
      blocker.proceed();
    } else {
      blocker.reset();
    }
  };
  return (
    <Modal
      open
      title={t("flows.leaveTitle")}
      onCancel={() => blocker.reset()}
      footer={[
        <Button key="stay" onClick={() => blocker.reset()}>
          {t("flows.stay")}
        </Button>,
        <Button key="drop" danger onClick={() => blocker.proceed()}>
          {t("flows.leaveDrop")}
        </Button>,
        <Button key="save" type="primary" onClick={() => void saveAndGo()}>
          {t("flows.leaveSave")}
        </Button>,
      ]}
    >
      {t("flows.leaveText")}
    </Modal>
  );
}
