"""The first way to each page; widened page by page."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from khuyencong.asof import as_of, plan_year
from projects.models import Beneficiary, Contract, Milestone, Payment, Project


def _plain(request, rows, title):
    page = Paginator(rows, 50).get_page(request.GET.get("trang"))
    return render(request, "projects/_thin.html", {"title": title, "page_obj": page})


def project_table(request, projects, *, title, note=""):
    """The list page over ``projects`` alone (a QuerySet), under ``title`` with ``note`` as its second line."""
    return _plain(request, projects.order_by("code"), title)


@require_GET
def project_list(request):
    as_of(request)
    projects = Project.objects.visible_to(request.user).filter(lines__plan_year=plan_year(request)).distinct()
    return project_table(request, projects, title="Đề án")


@require_GET
def project_detail(request, pk):
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    return _plain(request, [project], str(project))


@require_GET
def contract_list(request):
    return _plain(request, Contract.objects.visible_to(request.user), "Hợp đồng")


@require_GET
def contract_detail(request, pk):
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    return _plain(request, [contract], str(contract))


@require_GET
def beneficiary_list(request):
    return _plain(request, Beneficiary.objects.all(), "Cơ sở thụ hưởng")


@require_GET
def beneficiary_detail(request, pk):
    return _plain(request, [get_object_or_404(Beneficiary, pk=pk)], "Cơ sở thụ hưởng")


@require_GET
def payment_list(request):
    return _plain(request, Payment.objects.all(), "Chi trả")


@require_GET
def milestone_list(request):
    return _plain(request, Milestone.objects.visible_to(request.user), "Tiến độ")
