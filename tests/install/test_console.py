"""The console is built again when it, or the API that it speaks to, has changed; not otherwise."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from install.console import ConsoleBuild, compress


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("console/src/page.tsx", "console/package-lock.json", "src/hotline/api/app.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    build = ConsoleBuild(tmp_path, tmp_path / "logs")
    marker = tmp_path / "console" / "dist" / ".built-from"
    marker.parent.mkdir()
    marker.write_text(build.fingerprint())
    return tmp_path


def test_what_is_current_is_not_built(checkout: Path) -> None:
    for made_by_building in ("console/src/api/schema.ts", "console/node_modules/x/index.js"):
        path = checkout / made_by_building
        path.parent.mkdir(parents=True)
        path.write_text("2")
    assert ConsoleBuild(checkout, checkout / "logs").present() == "built"


@pytest.mark.parametrize("name", ["console/src/page.tsx", "src/hotline/api/app.py"])
def test_what_changed_is(checkout: Path, name: str) -> None:
    (checkout / name).write_text("2")
    assert ConsoleBuild(checkout, checkout / "logs").present() is None


def test_what_gains_by_it_is_compressed(tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "page-1.js").write_text("const a = 1;\n" * 200)
    (assets / "small-1.js").write_text("1")
    (assets / "picture-1.png").write_bytes(bytes(5000))
    compress(tmp_path)
    assert [path.name for path in sorted(assets.glob("*.gz"))] == ["page-1.js.gz"]
    assert gzip.decompress((assets / "page-1.js.gz").read_bytes()).startswith(b"const a")
