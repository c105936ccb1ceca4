import { Form, Input, InputNumber, Switch, Tag } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { RemoveButton } from "../kit/RemoveButton";
import {
  useDispositions,
  useRemoveDisposition,
  useSaveDisposition,
  type Disposition,
  type DispositionValues,
} from "./data";
import { OrderedTable } from "./OrderedTable";

/** How calls can come out. */
export function Dispositions(): ReactNode {
  const { t } = useTranslation();
  const remove = useRemoveDisposition(t("app.removed"));
  const [edited, setEdited] = useState<Disposition | "new" | null>(null);
  return (
    <>
      <OrderedTable<Disposition>
        title={t("breaks.dispositions")}
        empty={t("breaks.dispositionsEmpty")}
        addLabel={t("breaks.addDisposition")}
        add={() => setEdited("new")}
        pages={useDispositions()}
        open={setEdited}
        columns={[
          { title: t("app.nameLabel"), dataIndex: "name" },
          { title: t("breaks.code"), dataIndex: "code", width: 150 },
          { title: t("breaks.position"), dataIndex: "position", width: 80, align: "right" },
          {
            key: "enabled",
            width: 90,
            render: (_, one) => !one.enabled && <Tag>{t("breaks.off")}</Tag>,
          },
          {
            key: "actions",
            width: 60,
            render: (_, one) => <RemoveButton what={one.name} remove={() => remove.mutateAsync(one.id)} />,
          },
        ]}
      />
      {edited && <DispositionDrawer disposition={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </>
  );
}

function DispositionDrawer({
  disposition,
  close,
}: {
  disposition: Disposition | null;
  close: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const save = useSaveDisposition(disposition, t("app.saved"));
  const needed = [{ required: true, message: t("app.required") }];
  return (
    <FormDrawer<DispositionValues>
      title={disposition ? t("breaks.editDisposition") : t("breaks.addDisposition")}
      size={420}
      initial={disposition ?? { position: 0, enabled: true }}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="name" label={t("app.nameLabel")} rules={needed}>
        <Input maxLength={100} placeholder={t("breaks.dispositionExample")} />
      </Form.Item>
      <Form.Item name="code" label={t("breaks.code")} extra={t("breaks.codeHelp")} rules={needed}>
        <Input maxLength={40} disabled={disposition !== null} />
      </Form.Item>
      <Form.Item name="position" label={t("breaks.position")} extra={t("breaks.positionHelp")}>
        <InputNumber min={0} max={10_000} />
      </Form.Item>
      <Form.Item name="enabled" label={t("breaks.enabled")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormDrawer>
  );
}
