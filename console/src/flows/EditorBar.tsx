import { ApartmentOutlined, ArrowLeftOutlined, KeyOutlined, RedoOutlined, UndoOutlined } from "@ant-design/icons";
import { App, Button, Flex, Input, Modal, Popover, Tag, theme, Tooltip, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { phone } from "../kit/format";
import { useAllHotlines } from "../kit/choices";
import type { Saving } from "./useSaving";
import type { Editing } from "./useGraph";

interface Shown {
  flowId: string;
  name: string;
  setName: (name: string) => void;
  editing: Editing;
  saving: Saving;
  arrange: () => void;
  readOnly: boolean;
  /** How many problems what is shown now has. */
  check: () => Promise<number>;
  showProblems: () => void;
}

/** The flow's name and state, and what can be done with it as a whole. */
export function EditorBar({ flowId, name, setName, editing, saving, arrange, readOnly, check, showProblems }: Shown): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const [isPublishing, setPublishing] = useState(false);
  const [isChecking, setChecking] = useState(false);
  const publish = async (): Promise<void> => {
    setChecking(true);
    // Where it cannot be asked now, publishing will say why.
    const problems = await check().catch(() => 0);
    setChecking(false);
    if (problems > 0) {
      showProblems();
    } else {
      setPublishing(true);
    }
  };
  return (
    <Flex
      align="center"
      gap={8}
      style={{ padding: "8px 12px", background: token.colorBgContainer, borderBottom: `1px solid ${token.colorBorderSecondary}` }}
    >
      <Link to="/flows" aria-label={t("flows.back")} title={t("flows.back")}>
        <ArrowLeftOutlined style={{ fontSize: 16, padding: 6 }} />
      </Link>
      <h1 style={{ margin: 0, fontSize: 16 }}>
        <Input
          variant="filled"
          aria-label={t("app.nameLabel")}
          value={name}
          maxLength={100}
          disabled={readOnly}
          style={{ width: 190, fontWeight: 600 }}
          onChange={(event) => setName(event.target.value)}
        />
      </h1>
      <States flowId={flowId} saving={saving} readOnly={readOnly} />
      <span style={{ flex: 1 }} />
      {!readOnly && (
        <>
          <Tool label={t("flows.undo")} icon={<UndoOutlined />} disabled={!editing.canUndo} act={editing.undo} />
          <Tool label={t("flows.redo")} icon={<RedoOutlined />} disabled={!editing.canRedo} act={editing.redo} />
          <Tool label={t("flows.arrange")} icon={<ApartmentOutlined />} act={arrange} />
          <Popover title={t("flows.keysHelp")} trigger="click" content={<div style={{ maxWidth: 300 }}>{t("flows.keysText")}</div>}>
            <Button type="text" icon={<KeyOutlined />} aria-label={t("flows.keysHelp")} title={t("flows.keysHelp")} />
          </Popover>
          <Button disabled={!saving.isDirty} loading={saving.busy} onClick={() => void saving.save()}>
            {t("app.save")}
          </Button>
          <Button type="primary" loading={isChecking} onClick={() => void publish()}>
            {t("flows.publish")}
          </Button>
        </>
      )}
      {isPublishing && <Publish saving={saving} close={() => setPublishing(false)} />}
    </Flex>
  );
}

interface ToolShown {
  label: string;
  icon: ReactNode;
  disabled?: boolean;
  act: () => void;
}

function Tool({ label, icon, disabled = false, act }: ToolShown): ReactNode {
  return (
    <Tooltip title={label}>
      <Button type="text" icon={icon} aria-label={label} disabled={disabled} onClick={act} />
    </Tooltip>
  );
}

function States({ flowId, saving, readOnly }: { flowId: string; saving: Saving; readOnly: boolean }): ReactNode {
  const { t } = useTranslation();
  const hotlines = useAllHotlines().data?.filter((hotline) => hotline.flow_id === flowId) ?? [];
  const numbers = hotlines.map((hotline) => phone(hotline.number));
  return (
    <Flex align="center" gap={4} style={{ minWidth: 0, whiteSpace: "nowrap" }}>
      {readOnly && <Tag>{t("flows.readOnly")}</Tag>}
      <Tag color={saving.published === null ? "default" : "green"}>
        {saving.published === null ? t("flows.never") : t("flows.live", { version: saving.published })}
      </Tag>
      {numbers.length > 0 && (
        <Tooltip title={numbers.join("、")}>
          <Tag>{numbers.length === 1 ? numbers[0] : t("flows.hotlinesCount", { count: numbers.length })}</Tag>
        </Tooltip>
      )}
      <Typography.Text type={saving.isDirty ? "warning" : "secondary"} role="status" style={{ fontSize: 12 }}>
        {saving.busy ? t("flows.saving") : saving.isDirty ? t("flows.unsaved") : t("flows.savedAll")}
      </Typography.Text>
    </Flex>
  );
}

function Publish({ saving, close }: { saving: Saving; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [note, setNote] = useState("");
  const publish = async (): Promise<void> => {
    if (await saving.publish(note)) {
      void message.success(t("flows.publishedNow"));
    }
    close();
  };
  return (
    <Modal open title={t("flows.publish")} okText={t("flows.publish")} confirmLoading={saving.busy} onOk={() => void publish()} onCancel={close}>
      <Typography.Paragraph type="secondary">{t("flows.publishHint")}</Typography.Paragraph>
      <Input.TextArea
        autoFocus
        aria-label={t("flows.publishNote")}
        placeholder={t("flows.publishNote")}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Modal>
  );
}
