import { Form } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ImportDialog } from "../kit/ImportDialog";
import { HotlinePicker } from "../kit/pickers";
import { importAreas } from "./data";

const EXAMPLE = "0870\n0755,8266,诈骗高发";

/** Blocks a list of areas. */
export function AreasImport({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const [hotline, setHotline] = useState<string | null>(null);
  return (
    <ImportDialog
      title={t("areas.import")}
      hint={t("areas.importHint")}
      example={EXAMPLE}
      touches={["blocked-areas"]}
      send={(text) => importAreas(text, hotline)}
      close={close}
      options={
        <Form.Item label={t("areas.hotline")} style={{ marginBottom: 8 }}>
          <HotlinePicker
            aria-label={t("areas.hotline")}
            placeholder={t("areas.everyHotline")}
            value={hotline}
            onChange={setHotline}
          />
        </Form.Item>
      }
    />
  );
}
