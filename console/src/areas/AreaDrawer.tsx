import { Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDrawer } from "../kit/FormDrawer";
import { HotlinePicker } from "../kit/pickers";
import { RegionPicker, type Place } from "../kit/RegionPicker";
import { placeOf, useRegions, type Province } from "../kit/regions";
import { useSaveArea, type Area, type NewArea } from "./data";

const NEW: Partial<NewArea> = { hotline_id: null, office_code: "", note: "" };

interface Shown {
  /** null: a new one. */
  seen: Area | null;
  close: () => void;
}

export function AreaDrawer({ seen, close }: Shown): ReactNode {
  const { t } = useTranslation();
  const save = useSaveArea(seen);
  return (
    <FormDrawer<NewArea>
      title={seen ? t("areas.edit") : t("areas.add")}
      initial={seen ?? NEW}
      save={(values) => save.mutateAsync(values)}
      close={close}
    >
      <CodeField />
      <Form.Item name="office_code" label={t("areas.office")} extra={t("areas.officeHelp")}>
        <Input inputMode="numeric" maxLength={5} placeholder={t("areas.whole")} />
      </Form.Item>
      <Form.Item name="hotline_id" label={t("areas.hotline")}>
        <HotlinePicker placeholder={t("areas.everyHotline")} disabled={seen !== null} />
      </Form.Item>
      <Form.Item name="note" label={t("areas.note")}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDrawer>
  );
}

function CodeField(): ReactNode {
  const { t } = useTranslation();
  const code = Form.useWatch<string | undefined>("area_code") ?? "";
  const provinces = useRegions().data ?? [];
  const place = placeOf(code, provinces);
  return (
    <Form.Item
      name="area_code"
      label={t("areas.place")}
      rules={[{ required: true, message: t("app.required") }]}
      extra={place.includes("、") ? t("areas.shared", { code, place }) : t("areas.placeHelp")}
    >
      <AreaCodePicker provinces={provinces} />
    </Form.Item>
  );
}

interface CodeShown {
  provinces: readonly Province[];
  id?: string;
  value?: string;
  onChange?: (code: string | null) => void;
}

/** Chooses a city for its area code. */
function AreaCodePicker({ provinces, id, value, onChange }: CodeShown): ReactNode {
  const cities = provinces.flatMap((province) =>
    province.cities.map((city) => ({ province: province.name, city: city.name, code: city.area_code })),
  );
  const first = cities.find((city) => city.code === value);
  const chosen = ({ province, city }: Place): string | null =>
    cities.find((one) => one.province === province && one.city === city)?.code ?? null;
  return (
    <RegionPicker
      {...(id && { id })}
      value={first ?? null}
      onChange={(place) => onChange?.(place && chosen(place))}
    />
  );
}
