import { Card, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { StatusTag } from "../destinations/StatusTag";
import { useAllDestinations, type Destination } from "../kit/choices";
import { phone } from "../kit/format";
import { OrderedList } from "../kit/OrderedList";
import { DestinationPicker } from "../kit/pickers";

interface Shown {
  /** Destinations in their order; comes from the form's item. */
  value?: string[];
  onChange?: (members: string[]) => void;
}

/** The destinations of a group, in their order. */
export function MembersField({ value = [], onChange }: Shown): ReactNode {
  const { t } = useTranslation();
  const all = useAllDestinations().data ?? [];
  const found = (id: string): Destination | undefined => all.find((one) => one.id === id);
  return (
    <Card size="small" styles={{ body: { padding: 8 } }}>
      <OrderedList
        items={value}
        keyOf={(id) => id}
        nameOf={(id) => found(id)?.number ?? ""}
        onChange={(members) => onChange?.(members)}
        empty={t("groups.noMembers")}
      >
        {(id) => <Member destination={found(id)} />}
      </OrderedList>
      <DestinationPicker
        aria-label={t("groups.addMember")}
        placeholder={t("groups.addMember")}
        without={value}
        value={null}
        style={{ marginTop: 8 }}
        onChange={(id) => id && onChange?.([...value, id])}
      />
    </Card>
  );
}

function Member({ destination }: { destination: Destination | undefined }): ReactNode {
  if (!destination) {
    return "…";
  }
  return (
    <Flex gap={8} align="center">
      <Typography.Text>{phone(destination.number)}</Typography.Text>
      <Typography.Text type="secondary" ellipsis style={{ flex: 1 }}>
        {destination.label}
      </Typography.Text>
      <StatusTag status={destination.status} note={destination.review_note} />
    </Flex>
  );
}
