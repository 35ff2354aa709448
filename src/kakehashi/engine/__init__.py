"""Where SQL runs. A stage sees only `base.Engine`."""
