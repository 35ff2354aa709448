"""The scheme advisor: from a region and a wish to forms, axis choices, patterns, effects, cautions and prompts."""
