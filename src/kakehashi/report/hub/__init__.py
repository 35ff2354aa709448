"""Pages and lines of text for what the hub keeps: readiness, the survey behind it, KPIs."""
