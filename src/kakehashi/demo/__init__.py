"""A synthetic corpus in the shape of real exports, calibrated on published figures, for `kakehashi demo` and tests."""
