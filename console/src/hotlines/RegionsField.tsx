import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Flex, Form, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { OrderedList } from "../kit/OrderedList";
import { GroupPicker } from "../kit/pickers";
import { RegionPicker, type Place } from "../kit/RegionPicker";
import type { Region } from "./data";

/** Which group takes the callers of which place. */
export function RegionsField(): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item name="regions" help={undefined}>
      <Regions hint={t("hotlines.regionsHelp")} />
    </Form.Item>
  );
}

interface Shown {
  hint: string;
  /** Come from the form's item. */
  value?: Region[];
  onChange?: (regions: Region[]) => void;
}

function Regions({ hint, value = [], onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const change = (place: number, group_id: string): void =>
    onChange?.(value.map((region, other) => (other === place ? { ...region, group_id } : region)));
  return (
    <Flex vertical gap={12} style={{ maxWidth: 820 }}>
      <Typography.Text type="secondary">{hint}</Typography.Text>
      <Card size="small">
        <OrderedList
          items={value}
          keyOf={nameOf}
          nameOf={nameOf}
          onChange={(regions) => onChange?.(regions)}
          empty={t("hotlines.regionsEmpty")}
        >
          {(region, place) => (
            <Flex gap={12} align="center">
              <Typography.Text style={{ width: 180 }}>{nameOf(region)}</Typography.Text>
              <GroupPicker
                aria-label={t("hotlines.regionGroup")}
                allowClear={false}
                value={region.group_id}
                onChange={(group) => group && change(place, group)}
              />
            </Flex>
          )}
        </OrderedList>
      </Card>
      <NewRegion known={value} add={(region) => onChange?.([...value, region])} />
    </Flex>
  );
}

function nameOf({ province, city }: Place | Region): string {
  return !city || city === province ? province : `${province} ${city}`;
}

function NewRegion({ known, add }: { known: readonly Region[]; add: (region: Region) => void }): ReactNode {
  const { t } = useTranslation();
  const [place, setPlace] = useState<Place | null>(null);
  const [group, setGroup] = useState<string | null>(null);
  const isKnown = place !== null && known.some((region) => nameOf(region) === nameOf(place));
  return (
    <Flex gap={8}>
      <div style={{ width: 240 }}>
        <RegionPicker
          wholeProvinces
          aria-label={t("hotlines.regionPlace")}
          placeholder={t("hotlines.regionPlace")}
          value={place}
          onChange={setPlace}
        />
      </div>
      <GroupPicker
        aria-label={t("hotlines.regionGroup")}
        placeholder={t("hotlines.regionGroup")}
        value={group}
        onChange={setGroup}
        style={{ flex: 1 }}
      />
      <Button
        icon={<PlusOutlined />}
        disabled={place === null || group === null || isKnown}
        onClick={() => {
          if (place && group) {
            add({ ...place, group_id: group });
            setPlace(null);
          }
        }}
      >
        {t("hotlines.regionAdd")}
      </Button>
    </Flex>
  );
}
