"""Which form decides what: the one address under which every decision about a đề án is entered."""

from django.http import Http404

from projects.views.entry import decisions, line_decisions, naming
from projects.views.entry.base import FactView

KINDS = {
    "dang-ky": decisions.Registered,
    "bo-sung": decisions.Returned,
    "tham-dinh-co-so": decisions.AppraisedBase,
    "tham-dinh-bo": decisions.AppraisedMinistry,
    "phe-duyet": decisions.Approved,
    "dieu-chinh": decisions.Adjusted,
    "gia-han": decisions.Extended,
    "ngung": line_decisions.Stopped,
    "tiep-tuc": line_decisions.Resumed,
    "khong-phe-duyet": decisions.Rejected,
    "chuyen-nam": line_decisions.Moved,
    "doi-noi-dung": line_decisions.ContentChanged,
    "doi-nguon": line_decisions.SourceChanged,
    "thay-co-so": line_decisions.Replaced,
    "gan-co-so": naming.Named,
}


class DecisionNew(FactView):
    """Leads to the form of ``kind``; ``?dong=`` names the line it is about."""

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in KINDS:
            raise Http404
        return KINDS[kwargs["kind"]].as_view()(request, **kwargs)
