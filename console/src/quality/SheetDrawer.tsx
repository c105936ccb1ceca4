import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Card, Flex, Form, Input, InputNumber, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { useSaveSheet, type Criterion, type Sheet, type SheetValues } from "./data";
import { keyed } from "./keys";

const MOST = 50;

/** A score sheet: its criteria, how much each counts. */
export function SheetDrawer({ sheet, close }: { sheet: Sheet | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveSheet(sheet, t("app.saved"));
  const usual: Criterion[] = (["greeting", "listening", "solution", "ending"] as const).map((key) => ({
    key,
    name: t(`quality.defaults.${key}`),
    weight: key === "solution" ? 3 : 1,
    points: 5,
    description: "",
  }));
  return (
    <FormDrawer<SheetValues>
      title={sheet ? t("quality.editSheet") : t("quality.newSheet")}
      size={680}
      initial={sheet ?? { name: "", in_use: true, criteria: usual }}
      save={(values) => save.mutateAsync({ ...values, criteria: keyed(values.criteria) })}
      close={close}
    >
      <Form.Item name="name" label={t("app.nameLabel")} rules={[{ required: true, message: t("app.required") }]}>
        <Input maxLength={100} placeholder={t("quality.sheetExample")} />
      </Form.Item>
      <Form.Item label={t("quality.criteria")} required>
        <Form.List name="criteria">
          {(rows, { add, remove }) => (
            <Flex vertical gap={12}>
              {rows.map((row) => (
                <CriterionCard key={row.key} place={row.name} remove={rows.length > 1 ? () => remove(row.name) : null} />
              ))}
              <Button
                type="dashed"
                icon={<PlusOutlined />}
                disabled={rows.length >= MOST}
                onClick={() => add({ weight: 1, points: 5, description: "" })}
              >
                {t("quality.addCriterion")}
              </Button>
            </Flex>
          )}
        </Form.List>
      </Form.Item>
      <Form.Item name="in_use" label={t("quality.inUse")} valuePropName="checked" extra={t("quality.inUseHelp")}>
        <Switch />
      </Form.Item>
    </FormDrawer>
  );
}

function CriterionCard({ place, remove }: { place: number; remove: (() => void) | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <Card size="small">
      <Form.Item name={[place, "key"]} hidden>
        <Input />
      </Form.Item>
      <Flex gap={8} align="start">
        <Form.Item
          name={[place, "name"]}
          label={t("quality.criterion")}
          style={{ flex: 1, marginBottom: 8 }}
          rules={[{ required: true, message: t("app.required") }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name={[place, "weight"]} label={t("quality.weight")} style={{ marginBottom: 8 }}>
          <InputNumber min={1} max={100} style={{ width: 80 }} />
        </Form.Item>
        <Form.Item name={[place, "points"]} label={t("quality.points")} style={{ marginBottom: 8 }}>
          <InputNumber min={1} max={100} style={{ width: 80 }} />
        </Form.Item>
        {remove && (
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={t("quality.removeCriterion")}
            onClick={remove}
            style={{ marginTop: 30 }}
          />
        )}
      </Flex>
      <Form.Item name={[place, "description"]} style={{ marginBottom: 0 }}>
        <Input maxLength={500} placeholder={t("quality.description")} aria-label={t("quality.description")} />
      </Form.Item>
    </Card>
  );
}
