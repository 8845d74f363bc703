"""What every page of entry about a đề án shares: how rows are found, who changed them last, where to go after."""

from accounts.entry import EntryView
from accounts.permissions import Action
from projects.services.core import take_turn
from projects.views.project_detail import project_for


class FactView(EntryView):
    """Entering a fact: for whoever may enter facts, about what they may see."""

    action = Action.ENTER_FACTS

    def find(self):
        if "project_pk" in self.kwargs:
            self.project = project_for(self.request.user, self.kwargs["project_pk"])

    def take_turn(self):
        take_turn()
