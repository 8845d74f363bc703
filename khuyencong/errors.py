"""The two ways in which the site says no with a reason; the middleware turns both into a page."""


class NotAllowed(Exception):
    """A rule refuses, and nothing was saved.

    ``message`` says in Vietnamese what, how much, why, and what to do; ``way_out`` is the address of the
    page where that can be done, None where there is none.
    """

    def __init__(self, message, way_out=None):
        super().__init__(message)
        self.message = message
        self.way_out = way_out


class Refused(Exception):
    """A query parameter cannot be read; ``message`` says in Vietnamese which and how to write it."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message
        self.way_out = None
