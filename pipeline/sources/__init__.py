"""Sources of cases: each turns its own form into the canonical tables and knows nothing of metrics."""
