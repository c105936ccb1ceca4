"""Call records as spreadsheets show them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hotline.kit.regions import split_area_code

BOM: Final = "\ufeff"
"""Without it spreadsheets take UTF-8 for the local encoding."""
HEADINGS: Final = (
    "开始时间",
    "400号码",
    "主叫号码",
    "省份",
    "城市",
    "运营商",
    "结果",
    "原因",
    "接听号码",
    "尝试号码",
    "应答时间",
    "接通时间",
    "结束时间",
    "等待（秒）",
    "振铃（秒）",
    "通话（秒）",
    "保持（秒）",
    "计费（秒）",
    "挂断方",
    "方向",
    "座席分机",
    "通话编号",
)
_OUTCOMES: Final = {
    "answered": "已接听",
    "unanswered": "未接听",
    "abandoned": "主叫放弃",
    "refused": "已拒绝",
    "failed": "失败",
    "served": "自助服务",
    None: "进行中",
}
REASONS: Final = {
    "number_unknown": "号码不存在",
    "not_in_service": "号码未开通",
    "enterprise_suspended": "企业已停用",
    "no_funds": "余额不足",
    "blacklist": "黑名单",
    "blacklist_voicemail_notice": "黑名单（留言提示）",
    "blocked_area": "屏蔽地区",
    "concurrent_limit": "线路全忙",
    "closed": "非营业时间",
    "greeting": "播放欢迎语时挂断",
    "ringing": "振铃时挂断",
    "no_answer": "无人接听",
    "busy": "占线",
    "rejected": "拒接",
    "all_busy": "接听号码全忙",
    "no_destination": "没有可用的接听号码",
    "no_trunk": "没有可用的线路",
    "unreachable": "无法接通",
    "message_left": "已留言",
    "interrupted": "中断",
    "menu": "菜单中挂断",
    "collect": "输入时挂断",
    "password": "输入密码时挂断",
    "queue": "排队时挂断",
    "voicemail": "留言时挂断",
    "extension": "呼叫分机时挂断",
    "announce": "播报时挂断",
    "hangup": "播放结束语时挂断",
    "survey": "评价时挂断",
    "http": "查询时挂断",
    "schedule": "流程中挂断",
    "region": "流程中挂断",
    "split": "流程中挂断",
    "caller_list": "流程中挂断",
    "condition": "流程中挂断",
    "set": "流程中挂断",
    "subflow": "流程中挂断",
    "return": "流程中挂断",
    "fax": "流程中挂断",
    "queue_timeout": "排队超时",
    "queue_full": "排队已满",
    "queue_nobody": "无座席签入",
    "queue_leave": "按键离开队列",
    "queue_voicemail": "排队转留言",
    "queue_callback": "已预约回电",
    "queue_unavailable": "座席组不可用",
    "agent_no_answer": "座席未接听",
    "cancelled": "已取消",
    "no_number_to_show": "没有可用的外显号码",
    "no_controller": "系统未就绪",
    "switch_lost": "交换机中断",
    "hotline_gone": "号码已删除",
    "database_away": "数据库不可用",
    "overloaded": "系统过载",
    "internal_error": "系统故障",
}
_PARTIES: Final = {"caller": "主叫", "callee": "被叫", "system": "系统", None: ""}
_DIRECTIONS: Final = {"inbound": "呼入", "outbound": "呼出", "internal": "内部"}
_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_RUN_BY_SPREADSHEETS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV (RFC 4180), each cell safe to open in a spreadsheet."""
    text = io.StringIO()
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def defused(cell: str) -> str:
    """``cell`` with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_RUN_BY_SPREADSHEETS) else cell


def record_row(call: Mapping[Any, Any], legs: Sequence[Mapping[Any, Any]]) -> tuple[str, ...]:
    """The cells of one call, under HEADINGS."""
    answered = [leg["target"] for leg in legs if leg["result"] == "answered"]
    agents = [leg["target"] for leg in legs if leg["agent_id"] and leg["result"] == "answered"]
    return (
        local_time(call["started_at"]),
        number_text(call["dialled"]),
        number_text(call["caller"]) or "匿名",
        call["province"],
        call["city"],
        call["caller_carrier"],
        _OUTCOMES.get(call["outcome"], call["outcome"]),
        REASONS.get(call["reason"], call["reason"]),
        " ".join(number_text(target) for target in answered),
        " ".join(number_text(leg["target"]) for leg in legs),
        local_time(call["answered_at"]),
        local_time(call["connected_at"]),
        local_time(call["ended_at"]),
        _seconds(call["waiting_ms"]),
        _seconds(call["ringing_ms"]),
        _seconds(call["talk_ms"]),
        _seconds(call["hold_ms"]),
        str(call["billable_seconds"]),
        _PARTIES.get(call["ended_by"], ""),
        _DIRECTIONS.get(call["direction"], call["direction"]),
        " ".join(agents),
        str(call["id"]),
    )


def local_time(instant: datetime | None) -> str:
    """As it is written in China: 2026-10-01 08:30:00."""
    return "" if instant is None else f"{instant.astimezone(_SHANGHAI):%Y-%m-%d %H:%M:%S}"


def number_text(digits: str) -> str:
    """A number that a spreadsheet keeps: a landline's leading 0 survives behind its hyphen."""
    split = split_area_code(digits)
    return f"{split[0]}-{split[1]}" if split is not None else digits


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}"
