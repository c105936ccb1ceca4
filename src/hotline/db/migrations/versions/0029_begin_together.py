"""begin_call() no more knows of calls whose destination is certain."""

from hotline.db.migrations.script import run_sql_beside

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
