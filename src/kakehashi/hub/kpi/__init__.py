"""KPIs: definitions, values by year, status against the path to target, forecast, and what would have to happen."""
