"""How the journal's schema came about, a revision a file (Alembic). A revision that was released is never edited."""
