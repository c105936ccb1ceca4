"""What the path of a call asks of the database: settings versions, claims, the ledger's write."""

from hotline.db.migrations.script import run_sql_beside

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("take a backup back instead; call records would be lost")
