"""The job queue's tables, in a schema of their own.

They are procrastinate's, as the installed (pinned) version has them. A later version of it that
changes them comes with a migration here that looks at what is there before it changes it.
"""

from alembic import op
from procrastinate.schema import SchemaManager

from hotline.db.migrations.script import run_sql_beside

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    cursor = op.get_bind().connection.cursor()
    cursor.execute("create schema jobs")
    cursor.execute("set local search_path to jobs")
    cursor.execute(SchemaManager.get_schema())
    cursor.execute("set local search_path to public")
    run_sql_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup from before this version instead")
