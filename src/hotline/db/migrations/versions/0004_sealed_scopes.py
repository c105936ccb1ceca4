"""Sealed tenant scopes, hidden secrets, an audit trail that only grows, idempotency keys."""

from hotline.db.migrations.script import run_sql_beside

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("this one cannot be undone; restore a backup instead")
