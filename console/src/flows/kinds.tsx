import {
  ApiOutlined,
  AudioOutlined,
  BranchesOutlined,
  ClockCircleOutlined,
  CommentOutlined,
  ContactsOutlined,
  CustomerServiceOutlined,
  EditOutlined,
  EnvironmentOutlined,
  FieldTimeOutlined,
  LockOutlined,
  MenuOutlined,
  NodeIndexOutlined,
  NumberOutlined,
  PercentageOutlined,
  PhoneOutlined,
  PoweroffOutlined,
  PrinterOutlined,
  RollbackOutlined,
  SoundOutlined,
  StarOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons";
import type { GlobalToken } from "antd";
import type { ReactNode } from "react";

/** The palette's parts, each with the kinds of nodes that it has. */
export const FAMILIES = {
  speak: ["play", "announce", "menu", "collect", "password"],
  decide: ["schedule", "region", "caller_list", "condition", "split"],
  reach: ["queue", "group", "extension", "transfer"],
  keep: ["voicemail", "survey", "fax"],
  data: ["set", "http", "subflow", "return"],
  end: ["hangup"],
} as const;
export type Family = keyof typeof FAMILIES;

const ICONS: Readonly<Record<string, ReactNode>> = {
  play: <SoundOutlined />,
  announce: <FieldTimeOutlined />,
  menu: <MenuOutlined />,
  collect: <NumberOutlined />,
  password: <LockOutlined />,
  schedule: <ClockCircleOutlined />,
  region: <EnvironmentOutlined />,
  caller_list: <ContactsOutlined />,
  condition: <BranchesOutlined />,
  split: <PercentageOutlined />,
  queue: <CustomerServiceOutlined />,
  group: <TeamOutlined />,
  extension: <UserOutlined />,
  transfer: <PhoneOutlined />,
  voicemail: <AudioOutlined />,
  survey: <StarOutlined />,
  fax: <PrinterOutlined />,
  set: <EditOutlined />,
  http: <ApiOutlined />,
  subflow: <NodeIndexOutlined />,
  return: <RollbackOutlined />,
  hangup: <PoweroffOutlined />,
};

export function iconOf(kind: string): ReactNode {
  return ICONS[kind] ?? <CommentOutlined />;
}

export function familyOf(kind: string): Family {
  const found = Object.entries(FAMILIES).find(([, kinds]) => (kinds as readonly string[]).includes(kind));
  return (found?.[0] ?? "data") as Family;
}

/** Kinds that the server has and no part names stand in the last but one. */
export function kindsOf(family: Family, available: readonly string[]): string[] {
  const own = FAMILIES[family].filter((kind) => available.includes(kind));
  if (family !== "data") {
    return own;
  }
  const named: readonly string[] = Object.values(FAMILIES).flat();
  return [...own, ...available.filter((kind) => !named.includes(kind))];
}

export function colourOf(kind: string, token: GlobalToken): string {
  const colours: Readonly<Record<Family, string>> = {
    speak: token.blue,
    decide: token.purple,
    reach: token.green,
    keep: token.gold,
    data: token.cyan,
    end: token.volcano,
  };
  return colours[familyOf(kind)];
}
