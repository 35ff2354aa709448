"""The hub's database: models, migrations, changes that can be undone, export and import. Needs the extra `hub`."""
