import { CloseOutlined, KeyOutlined, LogoutOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Alert, Avatar, Button, Dropdown, Flex, Layout as Frame, Menu, Space, Tag, theme } from "antd";
import type { MenuProps } from "antd";
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";

import { MessageNotices } from "../voicemail/MessageNotices";
import { useActing } from "./acting";
import { GROUPS, type PageEntry } from "./pages";
import { usePreferences } from "./preferences";
import { useMe, useSignOut } from "./session";

/** Only for agents; the others never fetch it. */
const WorkControls = lazy(() => import("../phone/WorkBar").then((bar) => ({ default: bar.WorkControls })));
const PasswordDrawer = lazy(() => import("../account/PasswordDrawer"));
const CallBar = lazy(() => import("../phone/WorkBar").then((bar) => ({ default: bar.CallBar })));

export function Layout({ pages }: { pages: readonly PageEntry[] }): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const current = useLocation().pathname.split("/")[1] ?? "";
  const { token } = theme.useToken();
  const items = useMenu(pages);
  const heardAt = pages.find(({ path }) => path === "own-voicemail" || path === "voicemail");
  const menu = useRef<HTMLElement>(null);
  useEffect(() => {
    // The menu is longer than most screens.
    menu.current?.querySelector(".ant-menu-item-selected")?.scrollIntoView({ block: "nearest" });
  }, [current]);
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
        <nav ref={menu} aria-label={t("app.menu")} style={{ height: "calc(100% - 56px)", overflowY: "auto" }}>
          <Menu
            mode="inline"
            selectedKeys={[current]}
            items={items}
            style={{ borderInlineEnd: 0 }}
          />
        </nav>
      </Frame.Sider>
      <Frame>
        <Frame.Header
          style={{ background: token.colorBgContainer, paddingInline: 16, height: 56, lineHeight: "56px" }}
        >
          <Flex justify="space-between">
            <Acting />
            <Controls />
          </Flex>
        </Frame.Header>
        {me.agent_id && (
          <Suspense>
            <CallBar />
          </Suspense>
        )}
        {heardAt && <MessageNotices at={`/${heardAt.path}`} />}
        {me.enterprise_suspended && <Alert banner type="warning" title={t("app.suspended")} />}
        <Frame.Content id="content" style={{ overflow: "auto" }}>
          <Outlet />
        </Frame.Content>
      </Frame>
    </Frame>
  );
}

/** The menu in groups; a group of which nothing may be opened is left out. */
function useMenu(pages: readonly PageEntry[]): NonNullable<MenuProps["items"]> {
  const { t } = useTranslation();
  return GROUPS.map((group) => ({
    key: `group-${group}`,
    type: "group" as const,
    label: t(`nav.${group}`),
    children: pages
      .filter((entry) => entry.group === group)
      .map((entry) => ({
        key: entry.path,
        icon: entry.icon,
        label: <Link to={`/${entry.path}`}>{t(entry.title)}</Link>,
      })),
  })).filter((group) => group.children.length > 0);
}

/** Which enterprise an operator has entered, and the way out. */
function Acting(): ReactNode {
  const { t } = useTranslation();
  const { enterprise, enter } = useActing();
  if (enterprise === null) {
    return <span />;
  }
  return (
    <span>
      <Tag color="orange">{t("nav.acting", { name: enterprise.name })}</Tag>
      <Button size="small" type="text" icon={<CloseOutlined />} onClick={() => enter(null)}>
        {t("nav.leave")}
      </Button>
    </span>
  );
}

function Controls(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const { language, setLanguage, dark, setLook } = usePreferences();
  return (
    <Space>
      {me.agent_id && (
        <Suspense>
          <WorkControls />
        </Suspense>
      )}
      <Button type="text" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
        {t("app.language")}
      </Button>
      <Button
        type="text"
        aria-label={dark ? t("app.look.light") : t("app.look.dark")}
        icon={dark ? <SunOutlined /> : <MoonOutlined />}
        onClick={() => setLook(dark ? "light" : "dark")}
      />
      <Account />
    </Space>
  );
}

/** Who one is, one's password, and the way out. */
function Account(): ReactNode {
  const { t } = useTranslation();
  const me = useMe();
  const signOut = useSignOut();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "password", icon: <KeyOutlined />, label: t("account.change"), onClick: () => setChanging(true) },
            { key: "out", icon: <LogoutOutlined />, label: t("app.signOut"), onClick: () => void signOut() },
          ],
        }}
      >
        <Button type="text" style={{ height: 40 }}>
          <Avatar size={26}>{me.name.slice(0, 1)}</Avatar>
          {me.name}
          {me.role && ` · ${t(`role.${me.role}`)}`}
        </Button>
      </Dropdown>
      {changing && (
        <Suspense>
          <PasswordDrawer close={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}
