"""What was done, by whom, when and how it ended: runs, steps, standings. SQLAlchemy on SQLite (or PostgreSQL). Decides nothing."""
