"""Enterprises, and the wall between them."""

from hotline.db.migrations.script import run_sql_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("there is nothing before the first migration; drop the database instead")
