import { Cascader } from "antd";
import type { ReactNode } from "react";

import { useRegions } from "./regions";

/** A province, or a city in it. */
export interface Place {
  readonly province: string;
  readonly city: string | null;
}

interface Shown {
  id?: string;
  value?: Place | null;
  onChange?: (place: Place | null) => void;
  placeholder?: string;
  "aria-label"?: string;
  /** Whether a whole province can be chosen too. */
  wholeProvinces?: boolean;
}

/** Chooses a province or a city. */
export function RegionPicker({ value, onChange, wholeProvinces = false, ...rest }: Shown): ReactNode {
  const regions = useRegions();
  const options = (regions.data ?? []).map((province) => ({
    value: province.name,
    label: province.name,
    children: province.cities.map((city) => ({ value: city.name, label: `${city.name} ${city.area_code}` })),
  }));
  return (
    <Cascader
      {...rest}
      showSearch
      changeOnSelect={wholeProvinces}
      loading={regions.isLoading}
      options={options}
      style={{ width: "100%" }}
      displayRender={(labels) => [...new Set(labels.map((label) => label.split(" ")[0]))].join(" ")}
      value={value ? [value.province, ...(value.city === null ? [] : [value.city])] : []}
      onChange={(path) => {
        const [province, city = null] = (path ?? []) as string[];
        onChange?.(province === undefined ? null : { province, city });
      }}
    />
  );
}
