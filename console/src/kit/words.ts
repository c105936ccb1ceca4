import type { Same } from "../i18n/same";

export const zh = {
  listen: "试听",
  stop: "停止",
  cannotListen: "暂时无法试听",
  notReady: "语音还没有合成好",
  import: {
    paste: "粘贴",
    file: "选择文件",
    drop: "点击选择，或把文件拖到这里",
    dropHint: "CSV 或文本文件，UTF-8 或 GBK 编码",
    content: "名单内容",
    lines: "共 {{count}} 行",
    start: "开始导入",
    working: "正在导入 {{done}} / {{all}} 行",
    done: "新增 {{added}} 条，已存在 {{known}} 条，有误 {{refused}} 行",
    nothingWrong: "全部导入成功",
    line: "行号",
    text: "内容",
    reason: "原因",
    empty: "请先粘贴内容或选择文件",
    correct: "把有误的行改好再导入",
  },
} as const;

export const en: Same<typeof zh> = {
  listen: "Listen",
  stop: "Stop",
  cannotListen: "Cannot be played now",
  notReady: "Not spoken yet",
  import: {
    paste: "Paste",
    file: "File",
    drop: "Click to choose a file, or drop it here",
    dropHint: "CSV or text, in UTF-8 or GBK",
    content: "The list",
    lines: "{{count}} lines",
    start: "Import",
    working: "Importing, {{done}} of {{all}} lines",
    done: "{{added}} added, {{known}} known already, {{refused}} lines refused",
    nothingWrong: "Everything was imported",
    line: "Line",
    text: "Content",
    reason: "Why",
    empty: "Paste a list or choose a file first",
    correct: "Correct the refused lines",
  },
};
