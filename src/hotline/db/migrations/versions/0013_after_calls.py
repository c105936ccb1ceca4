"""What is said of a call when it is over: notes, and reviews of its quality."""

from hotline.db.migrations.script import run_sql_beside

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
