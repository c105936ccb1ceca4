import { LogoutOutlined, MoonOutlined, PhoneOutlined, SunOutlined } from "@ant-design/icons";
import { Alert, Avatar, Button, Dropdown, Flex, Layout as Frame, Menu, Space, theme } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";

import type { PageName } from "./pages";
import { usePreferences } from "./preferences";
import { useMe, useSignOut } from "./session";

const ICONS: Record<PageName, ReactNode> = { calls: <PhoneOutlined /> };

export function Layout({ pages }: { pages: readonly PageName[] }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const current = useLocation().pathname.split("/")[1] ?? "";
  const { token } = theme.useToken();
  return (
    <Frame style={{ height: "100%" }}>
      <a className="skip-link" href="#content">
        {t("app.skip")}
      </a>
      <Frame.Sider width={208} theme="light" breakpoint="lg" collapsedWidth={56}>
        <Flex align="center" gap={10} style={{ height: 56, paddingInline: 16 }}>
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <strong style={{ whiteSpace: "nowrap", overflow: "hidden" }}>{t("app.name")}</strong>
        </Flex>
        <nav>
          <Menu
            mode="inline"
            selectedKeys={[current]}
            items={pages.map((name) => ({
              key: name,
              icon: ICONS[name],
              label: <Link to={`/${name}`}>{t(`nav.${name}`)}</Link>,
            }))}
          />
        </nav>
      </Frame.Sider>
      <Frame>
        <Frame.Header
          style={{ background: token.colorBgContainer, paddingInline: 16, height: 56, lineHeight: "56px" }}
        >
          <Flex justify="flex-end">
            <Controls />
          </Flex>
        </Frame.Header>
        {me.enterprise_suspended && <Alert banner type="warning" title={t("app.suspended")} />}
        <Frame.Content id="content" style={{ overflow: "auto" }}>
          <Outlet />
        </Frame.Content>
      </Frame>
    </Frame>
  );
}

function Controls(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const signOut = useSignOut();
  const { language, setLanguage, dark, setLook } = usePreferences();
  return (
    <Space>
      <Button type="text" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
        {t("app.language")}
      </Button>
      <Button
        type="text"
        aria-label={dark ? t("app.look.light") : t("app.look.dark")}
        icon={dark ? <SunOutlined /> : <MoonOutlined />}
        onClick={() => setLook(dark ? "light" : "dark")}
      />
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [{ key: "out", icon: <LogoutOutlined />, label: t("app.signOut") }],
          onClick: () => void signOut(),
        }}
      >
        <Button type="text" style={{ height: 40 }}>
          <Avatar size={26}>{me.name.slice(0, 1)}</Avatar>
          {me.name}
          {me.role && ` · ${t(`role.${me.role}`)}`}
        </Button>
      </Dropdown>
    </Space>
  );
}
