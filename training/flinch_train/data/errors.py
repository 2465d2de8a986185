"""What is wrong with data that was handed in."""


class DatasetError(ValueError):
    """A data set that is not as it should be: one line that says what was looked for."""
