import { InboxOutlined } from "@ant-design/icons";
import { Flex, Typography, Upload } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Recorded } from "./Recorder";

interface Shown {
  /** Come from the form's item. */
  value?: File | null;
  onChange?: (file: File | null) => void;
}

/** Chooses a sound file, and plays it before it is sent. */
export function FileField({ value = null, onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <Flex vertical gap={8}>
      <Upload.Dragger
        accept=".wav,.mp3,.ogg,.flac,audio/*"
        showUploadList={false}
        beforeUpload={(file) => {
          onChange?.(file);
          return false;
        }}
      >
        <InboxOutlined style={{ fontSize: 32 }} />
        <div>{value ? t("prompts.chosen", { name: value.name }) : t("prompts.choose")}</div>
        <Typography.Text type="secondary">{t("prompts.chooseHint")}</Typography.Text>
      </Upload.Dragger>
      {value && <Recorded file={value} />}
    </Flex>
  );
}
