"""Agents: who takes calls, on what, and what each of them is doing right now."""

from hotline.db.migrations.script import run_sql_beside

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
