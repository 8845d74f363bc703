"""What a paper changes in the plan of each source and year it touches, and what each đề án has before it."""

from django.db.models import Sum

from funding.models import FundingSource
from khuyencong.dates import format_day, local_today
from khuyencong.money import format_vnd
from projects.book_loading import load_books
from projects.books import total
from projects.models import LedgerEntry, Step
from projects.services.whole_paper import Does

GIVING = (Does.STOP, Does.STOP_LINE, Does.LESS, Does.MOVE, Does.SOURCE)
"""Effects that give money back to the plan they leave."""


def now_words(lines) -> dict:
    """{line id: what the line has now, in words: of each source approved and paid, or asked for; a stop}."""
    books, sources = load_books(lines), list(FundingSource.objects.all())
    return {line.pk: _words(books[line.pk], sources) for line in lines}


def _words(book, sources):
    stop = book.stop_in_force(local_today())
    told = [f"đã ngừng từ {format_day(stop.on)}"] if stop else []
    for source in sources:
        sums = {step: total(book.movements(source.pk, step)) for step in (Step.REQUESTED, Step.APPROVED)}
        if book.has(source.pk, Step.APPROVED):
            unknown = book.is_unknown(source.pk, Step.APPROVED)
            money = f"được duyệt {'chưa rõ' if unknown else format_vnd(sums[Step.APPROVED])}"
            paid = total(book.net_paid(source.pk))
            told.append(f"{source.name}: {money}{f', đã chi {format_vnd(paid)}' if paid else ''}")
        elif sums[Step.REQUESTED]:
            told.append(f"{source.name}: đề nghị {format_vnd(sums[Step.REQUESTED])}")
    return "; ".join(told)


def touched_by(effects) -> set:
    """{(source, plan year)} of counted money that the effects may move."""
    books = load_books({effect.line.pk: effect.line for effect in effects}.values())
    sources = {source.pk: source for source in FundingSource.objects.counted()}
    found = set()
    for effect in effects:
        used = {sources[pk] for pk in books[effect.line.pk].sources() if pk in sources}
        used |= {source for source in (effect.source, effect.new_source) if source and source.is_counted}
        years = {effect.line.plan_year}
        if effect.does == Does.MOVE:
            years.add(effect.year or effect.line.plan_year + 1)
        found |= {(source, year) for source in used for year in years}
    return found


def given_back(decision) -> dict:
    """{(source id, plan year): VND} that the paper takes from approved money; {} while it is not saved."""
    if decision is None or decision.pk is None:
        return {}
    entries = LedgerEntry.objects.of(Step.APPROVED).filter(decision__decision=decision, amount_vnd__lt=0)
    sums = entries.order_by().values_list("source", "line__plan_year").annotate(vnd=Sum("amount_vnd"))
    return {(source, year): -vnd for source, year, vnd in sums}
