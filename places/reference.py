def load_reference():
    pass


def load_after_migrate(sender, **kwargs):
    pass
