"""KPIs and the report: what the workspace and the journal say, for people who answer for it. Changes nothing."""
