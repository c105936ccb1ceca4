import { PlusOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAddressFilters } from "../kit/filters";
import { Page } from "../kit/Page";
import { ResourceTable } from "../kit/ResourceTable";
import { useUserColumns } from "./columns";
import { ROLES, STATUSES, useSaveUser, useUsers, type User } from "./data";
import { UserDrawer } from "./UserDrawer";

/** The people of an enterprise. */
export default function UsersPage(): ReactNode {
  const { t } = useTranslation();
  const mayManage = may(useMe(), "users.manage");
  const { filters, set, clear } = useAddressFilters(["role", "status", "text"] as const);
  const role = ROLES.find((one) => one === filters.role);
  const status = STATUSES.find((one) => one === filters.status);
  const { text } = filters;
  const users = useUsers({ ...(role && { role }), ...(status && { status }), ...(text && { text }) });
  const columns = useUserColumns();
  const [opened, setOpened] = useState<User | "new" | null>(null);
  const isFiltered = Boolean(role ?? status ?? text);
  const add = mayManage && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened("new")}>
      {t("users.add")}
    </Button>
  );
  return (
    <Page title={t("users.title")} hint={t("users.hint")} actions={add}>
      <ResourceTable<User>
        name="users"
        pages={users}
        columns={columns}
        rowKey={(user) => user.id}
        {...(mayManage && { open: setOpened })}
        filters={
          <>
            <Input.Search
              key={text ?? ""}
              allowClear
              aria-label={t("users.search")}
              placeholder={t("users.search")}
              defaultValue={text ?? ""}
              style={{ width: 220 }}
              onSearch={(typed) => set({ text: typed.trim() })}
            />
            <Select
              allowClear
              aria-label={t("users.role")}
              placeholder={t("users.role")}
              style={{ width: 130 }}
              value={role ?? null}
              options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
              onChange={(chosen?: string) => set({ role: chosen })}
            />
            <Select
              allowClear
              aria-label={t("users.statusTitle")}
              placeholder={t("users.statusTitle")}
              style={{ width: 130 }}
              value={status ?? null}
              options={STATUSES.map((value) => ({ value, label: t(`users.status.${value}`) }))}
              onChange={(chosen?: string) => set({ status: chosen })}
            />
          </>
        }
        empty={isFiltered ? t("users.emptyFiltered") : t("users.empty")}
        emptyAction={isFiltered ? <Button onClick={clear}>{t("app.all")}</Button> : add}
      />
      {opened && <Opened seen={opened === "new" ? null : opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function Opened({ seen, close }: { seen: User | null; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const save = useSaveUser(seen);
  return <UserDrawer seen={seen} title={seen ? t("users.edit") : t("users.add")} roles={ROLES} save={save} close={close} />;
}
