import type { Same } from "../i18n/same";

export const zh = {
  title: "登录",
  login: "账号",
  password: "密码",
  submit: "登录",
  needLogin: "请输入账号",
  needPassword: "请输入密码",
} as const;

export const en: Same<typeof zh> = {
  title: "Sign in",
  login: "Login",
  password: "Password",
  submit: "Sign in",
  needLogin: "Type your login",
  needPassword: "Type your password",
};
