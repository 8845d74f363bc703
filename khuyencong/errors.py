"""The ways to say no with a reason; the middleware turns the site's into a page, commands print theirs."""


class NotAllowed(Exception):
    """A rule refuses, and nothing was saved.

    ``message`` says in Vietnamese what, how much, why, and what to do; ``way_out`` is the address of the
    page where that can be done, None where there is none, ``way_words`` what the link to it says. ``field`` names
    what was typed wrong, where a form has a field of that name; None where it is no one field's fault.
    """

    def __init__(self, message, way_out=None, way_words="Xem nơi cần sửa", field=None):
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.way_words = way_words
        self.field = field


class NeedsReason(NotAllowed):
    """May be done, with a reason: a closed period, or a rule that only warns. ``warnings`` are what to tell.

    Each warning is a sentence, or an object that has ``message`` and ``steps`` (the calculation, line by line).
    """

    def __init__(self, message, warnings=()):
        super().__init__(message)
        self.warnings = list(warnings)


class Unreadable(ValueError):
    """What a person typed cannot be read or used; the text is a Vietnamese sentence to show as it is."""


class Refused(Exception):
    """A query parameter cannot be read; ``message`` says in Vietnamese which and how to write it."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message
        self.way_out = None
