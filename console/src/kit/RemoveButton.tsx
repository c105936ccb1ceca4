import { DeleteOutlined } from "@ant-design/icons";
import { Button, Popconfirm } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Shown {
  /** What goes, by name: people must see what they confirm. */
  what: string;
  remove: () => Promise<unknown>;
  /** With words beside the symbol. */
  labelled?: boolean;
}

/** Removes after a question. */
export function RemoveButton({ what, remove, labelled = false }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <Popconfirm
      title={t("app.removeThis", { what })}
      okText={t("app.remove")}
      okButtonProps={{ danger: true }}
      onConfirm={() => remove().catch(() => undefined)}
    >
      <Button danger type={labelled ? "default" : "text"} icon={<DeleteOutlined />} aria-label={t("app.removeThis", { what })}>
        {labelled ? t("app.remove") : undefined}
      </Button>
    </Popconfirm>
  );
}
