"""What every page of entry about a đề án shares: how rows are found, who changed them last, where to go after."""

from accounts.entry import EntryView
from accounts.permissions import Action
from khuyencong.dates import local_today
from projects.services.core import take_turn
from projects.services.exceptions import keep_exceptions
from projects.views.project_detail import project_for


class FactView(EntryView):
    """Entering a fact: for whoever may enter facts, about what they may see."""

    action = Action.ENTER_FACTS

    def find(self):
        if "project_pk" in self.kwargs:
            self.project = project_for(self.request.user, self.kwargs["project_pk"])

    def take_turn(self):
        take_turn()

    def about(self, saved):
        """[(project, line or None)] that what was saved is about; [] for what belongs to no đề án."""
        project = getattr(self, "project", None)
        return [(project, getattr(self, "line", None))] if project else []

    def keep_ahead(self, saved, told, reason):
        """On the day it is entered: on its own it would be seen only once that has come."""
        for project, line in self.about(saved):
            keep_exceptions(
                warnings=told, on=local_today(), reason=reason, by=self.request.user, line=line, project=project
            )
