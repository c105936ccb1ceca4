"""Commands to running calls, what is offered to agents, supervision."""

from hotline.db.migrations.script import run_sql_beside

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
