import { Form, Input, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useAllHotlines } from "../kit/choices";
import { phone } from "../kit/format";
import { FormDrawer } from "../kit/FormDrawer";
import { createFlow, readHotlineFlow, useForgetFlows } from "./data";
import { draftOf, EMPTY } from "./graph";
import { sample, type SampleTitles } from "./sample";

interface Values {
  name: string;
  from: string;
}

/** A new flow: empty, from a sample, or from what a hotline does now. */
export function NewFlow({ close, from = "sample" }: { close: () => void; from?: string }): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const forget = useForgetFlows();
  const hotlines = useAllHotlines().data ?? [];
  const create = async ({ name, from: chosen }: Values): Promise<void> => {
    const flow = await createFlow(name, await draftFrom(chosen, {
      menu: t("flows.sampleTitles.menu"),
      closed: t("flows.sampleTitles.closed"),
      busy: t("flows.sampleTitles.busy"),
    }));
    await forget();
    void go(`/flows/${flow.id}`);
  };
  return (
    <FormDrawer<Values> title={t("flows.create")} initial={{ name: "", from }} save={create} close={close} submit={t("app.create")}>
      <Form.Item name="name" label={t("app.nameLabel")} rules={[{ required: true, message: t("app.required") }]}>
        <Input autoFocus maxLength={100} />
      </Form.Item>
      <Form.Item name="from" label={t("flows.beginWith")}>
        <Select
          options={[
            { value: "sample", label: t("flows.sample") },
            { value: "blank", label: t("flows.blank") },
            ...hotlines.map((hotline) => ({ value: hotline.id, label: t("flows.fromHotline", { number: phone(hotline.number) }) })),
          ]}
        />
      </Form.Item>
    </FormDrawer>
  );
}

async function draftFrom(chosen: string, titles: SampleTitles): Promise<Record<string, unknown>> {
  if (chosen === "blank") {
    return draftOf(EMPTY);
  }
  return chosen === "sample" ? draftOf(sample(titles)) : (await readHotlineFlow(chosen)).draft;
}
