import { Alert, Button, Flex, Modal, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Shown {
  title: string;
  /** What is shown now and never again. */
  secret: string;
  /** What it is for, or where it belongs. */
  hint?: ReactNode;
  close: () => void;
}

/** A secret that the server shows a single time: to be copied before it is gone. */
export function ShownOnce({ title, secret, hint, close }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={close}>
          {t("kit.once.kept")}
        </Button>
      }
    >
      <Flex vertical gap={16}>
        <Alert type="warning" showIcon title={t("kit.once.hint")} />
        <Typography.Text copyable code style={{ fontSize: 15, wordBreak: "break-all" }} data-testid="secret">
          {secret}
        </Typography.Text>
        {hint && <Typography.Text type="secondary">{hint}</Typography.Text>}
      </Flex>
    </Modal>
  );
}
