"""Takes the demonstration out again, and nothing else."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction

from accounts.models import OfficeSettings
from funding.models import Agency, AgencyFormerName
from khuyencong.errors import NotAllowed
from projects.demo import TAKEN_OUT
from projects.demo.marks import history_of, is_history, marked, with_history
from projects.demo.people import OFFICES
from projects.models import DemoMark

# What real work may go on using: taken out only where nothing uses it. A former name goes with its agency.
KEPT_IN_USE = (get_user_model(), Agency, AgencyFormerName, OfficeSettings)
NAMED_AT_MOST = 20


@transaction.atomic
def remove_demo() -> list[str]:
    """Delete the demonstration's rows with their history; answers what stays because real work uses it.

    People who wrote real facts are deactivated, not deleted. Raises NotAllowed, nothing deleted, where real facts
    hang on demonstration data, naming them one a line.
    """
    facts = [model for model in _marked_models() if model not in KEPT_IN_USE]
    hanging = [found for model in facts for found in _hanging_on(model)]
    if hanging:
        raise NotAllowed("\n".join(["Có số liệu thật dựa trên dữ liệu minh họa:", *_named(hanging)]))
    for model in _children_first(facts):
        _own_rows(model).update(**{field.name: None for field in _own_parents(model)})
        _own_rows(model).delete()
        history_of(model).filter(**{f"{model._meta.pk.attname}__in": marked(model)}).delete()
    stays = [*_remove_agencies(), *_remove_offices(), *_remove_people()]
    DemoMark.objects.all().delete()
    DemoMark.objects.create(model=TAKEN_OUT, object_id=0)
    return stays


def _marked_models():
    labels = set(DemoMark.objects.values_list("model", flat=True))
    return [model for model in apps.get_models() if model._meta.label_lower in labels]


def _own_rows(model):
    return model._base_manager.filter(pk__in=marked(model))


def _pointing_at(model):
    """The foreign keys of facts at the model; histories and join tables follow their rows."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            other = relation.related_model
            if not is_history(other) and not other._meta.auto_created:
                yield relation.field


def _hanging_on(model):
    """Rows that point at demonstration rows of the model, and are none themselves."""
    for field in _pointing_at(model):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": marked(model)})
        yield from rows.exclude(pk__in=marked(field.model))


def _named(rows):
    names = sorted({f"{row._meta.verbose_name} “{row}” (số {row.pk})" for row in rows})
    more = len(names) - NAMED_AT_MOST
    return [*names[:NAMED_AT_MOST], *([f"và {more} dòng khác"] if more > 0 else [])]


def _own_parents(model):
    """Foreign keys of the model at itself, which would forbid to delete both rows at once."""
    return [field for field in model._meta.concrete_fields if field.related_model is model and field.null]


def _children_first(models):
    """The models in such an order that none is deleted before what points at it."""
    remaining = list(models)
    while remaining:
        free = [
            model
            for model in remaining
            if not any(field.model in remaining and field.model is not model for field in _pointing_at(model))
        ]
        yield from free
        remaining = [model for model in remaining if model not in free]


def _is_used(row):
    return any(
        field.model._base_manager.filter(**{field.name: row.pk}).exclude(pk__in=marked(field.model)).exists()
        for field in _pointing_at(type(row))
    )


def _remove_agencies():
    """Agencies that nothing names any more; the names of the others."""
    stays = []
    for agency in _own_rows(Agency):
        former = list(agency.former_names.values_list("pk", flat=True))
        if _is_used(agency):
            stays.append(f"cơ quan “{agency}”")
            continue
        pk = agency.pk
        agency.delete()
        history_of(Agency).filter(id=pk).delete()
        history_of(AgencyFormerName).filter(id__in=former).delete()
    return stays


def _remove_offices():
    """Settings still as the demonstration wrote them; edited ones are the office's own by now."""
    for office in OFFICES:
        _own_rows(OfficeSettings).filter(**office).delete()
    return [f"thông tin cơ quan “{office}”" for office in _own_rows(OfficeSettings)]


def _remove_people():
    stays = []
    for person in _own_rows(get_user_model()):
        if _is_used(person) or _has_written(person):
            person.is_active = False
            person.set_unusable_password()
            person.save()
            stays.append(f"người dùng “{person.username}” (đã khóa, vì đã ghi số liệu thật)")
        else:
            person.delete()
    return stays


def _has_written(person):
    """Whether the person wrote any row that is no demonstration data."""
    for model in filter(with_history, apps.get_models()):
        written = history_of(model).filter(history_user=person)
        if written.exclude(**{f"{model._meta.pk.attname}__in": marked(model)}).exists():
            return True
    return False
