"""Takes the pictures of the documentation: ``make pictures``. Not a part of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor
from tests.console.pages import business_with_calls, settled, somebody

INTO = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.ADMINISTRATOR, "today"),
        (Role.SUPERVISOR, "wallboard"),
        (Role.SUPERVISOR, "calls/{call}"),
        (Role.AGENT, "desk"),
        (Role.ADMINISTRATOR, "queues"),
    ],
)
@pytest.mark.timeout(120)
async def test_take_picture(
    visitor: Visitor, api: ApiWorld, tmp_path: Path, role: Role, path: str
) -> None:
    business, call = await business_with_calls(api, tmp_path)
    await visitor.sign_in(await somebody(api, role, business))
    await settled(visitor.page)
    await visitor.page.goto(f"{visitor.address}/{path.format(call=call)}")
    await settled(visitor.page)
    await visitor.page.wait_for_load_state("networkidle")
    INTO.mkdir(exist_ok=True)
    await visitor.page.screenshot(path=INTO / f"{path.partition('/')[0]}.png")
