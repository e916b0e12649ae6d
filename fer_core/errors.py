"""What can go wrong in the world. Each message says what was expected, what was received and the remedy."""


class FerError(Exception):
    """Anything a person can put right; pages show it, the command line exits with 1."""


class DatasetError(FerError):
    """A dataset cannot be read as it is."""


class ModelError(FerError):
    """A model, or the face detector's file, is missing or unreadable."""


class MediaError(FerError):
    """A picture or video cannot be read."""


class RunError(FerError):
    """A training cannot be started, stopped, resumed or read."""


class NotAllowedError(FerError):
    """The person's role does not allow the action."""
