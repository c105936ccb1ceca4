"""Waiting in queues, giving calls to agents, calling back."""

from hotline.db.migrations.script import run_sql_beside

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
