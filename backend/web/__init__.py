"""What every endpoint shares: problems, pages, versions, idempotency keys and the schema hooks."""
