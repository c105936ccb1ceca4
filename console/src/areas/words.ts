import type { Same } from "../i18n/same";

export const zh = {
  title: "屏蔽地区",
  hint: "这些地区的来电打不进来，手机按归属地、固话按区号判断。",
  add: "添加地区",
  edit: "屏蔽地区",
  empty: "没有屏蔽任何地区",
  emptyHint: "按城市或区号屏蔽来电，例如只服务本省时屏蔽外地。",
  place: "地区",
  placeHelp: "也可以直接搜索城市或区号",
  shared: "区号 {{code}} 由 {{place}} 共用，会一起屏蔽",
  code: "区号",
  office: "局号",
  officeHelp: "只屏蔽固话号码以这几位开头的部分；留空表示整个地区",
  whole: "整个地区",
  hotline: "适用热线",
  everyHotline: "全部热线",
  note: "备注",
} as const;

export const en: Same<typeof zh> = {
  title: "Blocked areas",
  hint: "Calls from these areas do not get through: mobiles by their home, landlines by their area code.",
  add: "Block an area",
  edit: "Blocked area",
  empty: "No area is blocked",
  emptyHint: "Block calls by city or area code.",
  place: "Area",
  placeHelp: "Search by city or area code",
  shared: "{{place}} share the area code {{code}}: all are blocked",
  code: "Area code",
  office: "Office code",
  officeHelp: "Only landlines whose number begins so; empty for the whole area",
  whole: "The whole area",
  hotline: "Hotline",
  everyHotline: "Every hotline",
  note: "Note",
};
