"""Flows with their versions, lists of callers and of codes."""

from hotline.db.migrations.script import run_sql_beside

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
