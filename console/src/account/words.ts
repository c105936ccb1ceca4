import type { Same } from "../i18n/same";

export const zh = {
  change: "修改密码",
  changed: "密码已修改，其他设备上的登录已失效",
  current: "当前密码",
  new: "新密码",
  newHelp: "至少 10 个字符，不能太常见，不要与其他网站相同",
  again: "再输一次新密码",
  differs: "两次输入的新密码不一致",
} as const;

export const en: Same<typeof zh> = {
  change: "Change password",
  changed: "The password is changed; you are signed out everywhere else",
  current: "Password now",
  new: "New password",
  newHelp: "At least 10 characters, not a common one, and not one used elsewhere",
  again: "New password again",
  differs: "The two are not the same",
};
