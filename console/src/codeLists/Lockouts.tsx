import { UnlockOutlined } from "@ant-design/icons";
import { Button, Card, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { instant, phone } from "../kit/format";
import { useLockouts, useUnlock } from "./data";

/** Who is locked out now, each with a way back in; nothing while nobody is. */
export function Lockouts({ listId, mayWrite }: { listId: string; mayWrite: boolean }): ReactNode {
  const { t } = useTranslation();
  const lockouts = useLockouts(listId).data ?? [];
  const unlock = useUnlock(listId);
  if (lockouts.length === 0) {
    return null;
  }
  return (
    <Card size="small" title={t("codeLists.lockouts.title")}>
      <Flex vertical gap={4}>
        {lockouts.map(({ caller, locked_until: until }) => {
          const who = caller === "" ? t("codeLists.lockouts.anonymous") : phone(caller);
          return (
            <Flex key={caller} align="center" gap={12}>
              <Typography.Text style={{ minWidth: 160 }}>{who}</Typography.Text>
              <Typography.Text type="secondary">{t("codeLists.lockouts.until", { at: instant(until) })}</Typography.Text>
              {mayWrite && (
                <Button
                  size="small"
                  icon={<UnlockOutlined />}
                  aria-label={t("codeLists.lockouts.unlockOne", { who })}
                  loading={unlock.isPending && unlock.variables === caller}
                  onClick={() => unlock.mutate(caller)}
                >
                  {t("codeLists.lockouts.unlock")}
                </Button>
              )}
            </Flex>
          );
        })}
      </Flex>
    </Card>
  );
}
