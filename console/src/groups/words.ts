import type { Same } from "../i18n/same";

export const zh = {
  title: "呼转号码组",
  hint: "把接听号码编成组，并决定来电先呼叫谁。",
  add: "新建呼转号码组",
  edit: "呼转号码组",
  empty: "还没有呼转号码组",
  emptyHint: "先添加接听号码，再编成组，热线就能把来电转出去。",
  name: "名称",
  namePlaceholder: "如：客服、销售",
  strategyTitle: "呼叫方式",
  strategy: { priority: "按优先级", sequential: "轮流", random: "随机" },
  strategyHelp: {
    priority: "每次都从第一个号码开始，忙或无人接听再呼叫下一个",
    sequential: "大家轮着接：本次最久没轮到的号码先呼叫，接量最平均",
    random: "每次随机挑一个，不通再随机挑下一个",
  },
  members: "组内号码",
  membersHelp: "可拖动调整顺序。未通过审核或已停用的号码会被跳过。",
  addMember: "添加号码",
  noMembers: "还没有号码，请在下面选择",
  noneCallable: "没有可呼叫的号码，来电会听到“暂时无人接听”",
  count: "{{count}} 个号码",
} as const;

export const en: Same<typeof zh> = {
  title: "Forwarding groups",
  hint: "Destinations together, and who is called first.",
  add: "New group",
  edit: "Forwarding group",
  empty: "No groups yet",
  emptyHint: "Add destinations, put them into a group, and hotlines can forward their calls.",
  name: "Name",
  namePlaceholder: "Such as: support, sales",
  strategyTitle: "Who is called",
  strategy: { priority: "By priority", sequential: "In turn", random: "At random" },
  strategyHelp: {
    priority: "Always the first number first; the next when it is busy or does not answer",
    sequential: "Whose turn is longest ago comes first: calls are shared evenly",
    random: "Any number, and any other when that one does not answer",
  },
  members: "Numbers",
  membersHelp: "Drag them into order. Numbers that are not approved or switched off are passed over.",
  addMember: "Add a number",
  noMembers: "No numbers yet; choose some below",
  noneCallable: "No number can be called: callers hear that nobody answers",
  count: "{{count}} numbers",
};
