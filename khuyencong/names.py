"""What was called otherwise before a day keeps the name of that day on what is read as of it."""


class NamedByDay:
    """For a model with ``name`` and, as rows, ``former_names`` with ``name`` and the last day ``used_until``."""

    def name_on(self, day):
        """The name in use on ``day``: the former name whose last day is nearest after it, else today's."""
        former = [row for row in self.former_names.all() if row.used_until >= day]
        return min(former, key=lambda row: row.used_until).name if former else self.name
