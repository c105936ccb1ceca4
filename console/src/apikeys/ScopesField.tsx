import { Button, Checkbox, Flex, theme, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Permission } from "../app/session";
import { byArea, readingOnly, verbOf } from "./scopes";

interface Shown {
  id?: string;
  value?: readonly Permission[];
  onChange?: (scopes: Permission[]) => void;
  offered: readonly Permission[];
}

/** What a key may do: one line for each thing that it is about. */
export function ScopesField({ id, value = [], onChange, offered }: Shown): ReactNode {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const toggle = (scope: Permission, isOn: boolean): void =>
    onChange?.(offered.filter((one) => (one === scope ? isOn : value.includes(one))));
  return (
    <div {...(id && { id })}>
      <Flex gap={4} style={{ marginBottom: 8 }}>
        <Button size="small" onClick={() => onChange?.(readingOnly(offered))}>
          {t("apikeys.readAll")}
        </Button>
        <Button size="small" onClick={() => onChange?.([...offered])}>
          {t("apikeys.everything")}
        </Button>
        <Button size="small" type="text" onClick={() => onChange?.([])}>
          {t("apikeys.nothing")}
        </Button>
      </Flex>
      {byArea(offered).map(({ name, scopes }) => (
        <Flex
          key={name}
          role="group"
          aria-label={t(`apikeys.area.${name}`)}
          style={{ padding: "5px 0", borderBottom: `1px solid ${token.colorSplit}` }}
        >
          <Typography.Text style={{ width: 150, flex: "none" }}>{t(`apikeys.area.${name}`)}</Typography.Text>
          <Flex wrap gap={4}>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                checked={value.includes(scope)}
                title={scope}
                onChange={(event) => toggle(scope, event.target.checked)}
              >
                {t(`apikeys.verb.${verbOf(scope)}`)}
              </Checkbox>
            ))}
          </Flex>
        </Flex>
      ))}
    </div>
  );
}
