"""Background work: the database row is the truth, the broker only wakes a worker up."""
