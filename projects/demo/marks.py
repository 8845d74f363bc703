"""Which rows the demonstration made, told by their history: nobody else could write as its users meanwhile."""

from django.apps import apps

from projects.models import DemoMark


def with_history(model) -> bool:
    return hasattr(model._meta, "simple_history_manager_attribute")


def history_of(model):
    return getattr(model, model._meta.simple_history_manager_attribute)


def is_history(model) -> bool:
    return hasattr(model, "history_object")


def mark_made_by(people, *others) -> None:
    """Mark every row first written by ``people``, the people themselves, and the rows ``others``.

    Right only inside the transaction that made these people: before its end no one else is logged in as them.
    """
    marks = [_mark(type(row), row.pk) for row in [*people, *others]]
    for model in filter(with_history, apps.get_models()):
        made = history_of(model).filter(history_type="+", history_user__in=people)
        marks += [_mark(model, pk) for pk in made.values_list(model._meta.pk.attname, flat=True)]
    DemoMark.objects.bulk_create(marks)


def _mark(model, pk):
    return DemoMark(model=model._meta.label_lower, object_id=pk)


def marked(model):
    """Subquery: ids of the model's rows that are demonstration data."""
    return DemoMark.objects.filter(model=model._meta.label_lower).values("object_id")
