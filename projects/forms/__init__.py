"""One form a thing the office enters; what looks past one row is asked of services."""
