import { Button, Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Conflict } from "./useSaving";

/** Two people have changed the same flow. */
export function ConflictModal({ conflict }: { conflict: Conflict }): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t("flows.conflictTitle")}
      onCancel={conflict.later}
      footer={[
        <Button key="later" onClick={conflict.later}>
          {t("app.cancel")}
        </Button>,
        <Button key="theirs" onClick={() => void conflict.theirs()}>
          {t("flows.conflictTheirs")}
        </Button>,
        <Button key="mine" type="primary" danger onClick={() => void conflict.mine()}>
          {t("flows.conflictMine")}
        </Button>,
      ]}
    >
      {t("flows.conflictText")}
    </Modal>
  );
}
