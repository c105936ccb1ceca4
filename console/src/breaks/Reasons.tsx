import { Form, Input, InputNumber } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { RemoveButton } from "../kit/RemoveButton";
import { useReasons, useRemoveReason, useSaveReason, type BreakReason, type ReasonValues } from "./data";
import { OrderedTable } from "./OrderedTable";

/** Why agents may take a break. */
export function Reasons(): ReactNode {
  const { t } = useTranslation();
  const remove = useRemoveReason(t("app.removed"));
  const [edited, setEdited] = useState<BreakReason | "new" | null>(null);
  return (
    <>
      <OrderedTable<BreakReason>
        title={t("breaks.reasons")}
        empty={t("breaks.reasonsEmpty")}
        addLabel={t("breaks.addReason")}
        add={() => setEdited("new")}
        pages={useReasons()}
        open={setEdited}
        columns={[
          { title: t("app.nameLabel"), dataIndex: "name" },
          { title: t("breaks.position"), dataIndex: "position", width: 80, align: "right" },
          {
            key: "actions",
            width: 60,
            render: (_, one) => <RemoveButton what={one.name} remove={() => remove.mutateAsync(one.id)} />,
          },
        ]}
      />
      {edited && <ReasonDrawer reason={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </>
  );
}

function ReasonDrawer({ reason, close }: { reason: BreakReason | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveReason(reason, t("app.saved"));
  return (
    <FormDrawer<ReasonValues>
      title={reason ? t("breaks.editReason") : t("breaks.addReason")}
      size={420}
      initial={reason ?? { position: 0 }}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="name" label={t("app.nameLabel")} rules={[{ required: true, message: t("app.required") }]}>
        <Input maxLength={40} placeholder={t("breaks.reasonExample")} />
      </Form.Item>
      <Form.Item name="position" label={t("breaks.position")} extra={t("breaks.positionHelp")}>
        <InputNumber min={0} max={1000} />
      </Form.Item>
    </FormDrawer>
  );
}
