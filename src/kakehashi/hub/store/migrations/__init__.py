"""The history of the schema, oldest first under `versions`."""
