import { Checkbox, Flex, Form, Segmented, Select } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ImportDialog } from "../kit/ImportDialog";
import { HotlinePicker } from "../kit/pickers";
import { ACTIONS, importEntries, MATCHES, type ImportOptions } from "./data";

const EXAMPLE = "13812345678\n02061234567,2026-12-31\n17012345678,,骚扰电话";

/** Imports a list of numbers that are not to get through. */
export function ScreeningImport({ close }: { close: () => void }): ReactNode {
  const { t } = useTranslation();
  const [options, setOptions] = useState<ImportOptions>({
    match: "number",
    action: "reject",
    hotline_id: null,
    all_or_nothing: false,
  });
  const set = (changed: Partial<ImportOptions>): void => setOptions({ ...options, ...changed });
  return (
    <ImportDialog
      title={t("screening.import")}
      hint={t("screening.importHint")}
      example={EXAMPLE}
      touches={["screening"]}
      {...(options.all_or_nothing && { atOnce: Infinity })}
      send={(text) => importEntries(text, options)}
      close={close}
      options={
        <>
          <Flex gap={16}>
            <Form.Item label={t("screening.matchTitle")} style={{ marginBottom: 8 }}>
              <Segmented
                value={options.match}
                options={MATCHES.map((value) => ({ value, label: t(`screening.match.${value}`) }))}
                onChange={(match) => set({ match })}
              />
            </Form.Item>
            <Form.Item label={t("screening.actionTitle")} style={{ marginBottom: 8, width: 140 }}>
              <Select
                aria-label={t("screening.actionTitle")}
                value={options.action}
                options={ACTIONS.map((value) => ({ value, label: t(`screening.action.${value}`) }))}
                onChange={(action) => set({ action })}
              />
            </Form.Item>
            <Form.Item label={t("screening.hotline")} style={{ marginBottom: 8, flex: 1 }}>
              <HotlinePicker
                aria-label={t("screening.hotline")}
                placeholder={t("screening.everyHotline")}
                value={options.hotline_id}
                onChange={(hotline_id) => set({ hotline_id })}
              />
            </Form.Item>
          </Flex>
          <Checkbox checked={options.all_or_nothing} onChange={(event) => set({ all_or_nothing: event.target.checked })}>
            {t("screening.allOrNothing")}
          </Checkbox>
        </>
      }
    />
  );
}
