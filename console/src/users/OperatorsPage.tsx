import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { useUserColumns } from "./columns";
import { useOperators, useSaveOperator, type User } from "./data";
import { UserDrawer } from "./UserDrawer";

/** The platform's own people. */
export default function OperatorsPage(): ReactNode {
  const { t } = useTranslation();
  const operators = useOperators();
  const columns = useUserColumns();
  const [opened, setOpened] = useState<User | "new" | null>(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("users.operators.add")}
    </Button>
  );
  return (
    <Page title={t("users.operators.title")} hint={t("users.operators.hint")} actions={add}>
      <ResourceTable<User>
        name="operators"
        pages={operators}
        columns={columns}
        rowKey={(user) => user.id}
        open={setOpened}
        empty={t("users.operators.empty")}
        emptyAction={add}
      />
      {opened && <Opened seen={opened === "new" ? null : opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function Opened({ seen, close }: { seen: User | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveOperator(seen);
  const title = seen ? t("users.operators.edit") : t("users.operators.add");
  return <UserDrawer seen={seen} title={title} roles={["operator"]} save={save} close={close} />;
}
