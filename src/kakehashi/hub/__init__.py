"""What an organisation keeps between studies: readiness, KPIs, needs, seeds, projects and who changed them."""
