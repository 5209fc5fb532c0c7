"""What Alembic runs: the revisions, on the connection (and in the transaction) that it is given. Opens no database."""

from alembic import context

from yunwang.journal.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
