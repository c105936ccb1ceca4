"""What migration scripts share."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_sql_beside(script: str) -> None:
    """Run the ``.sql`` file of the same name as the migration ``script``, as one batch."""
    sql = Path(script).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(sql)
