"""What the pages share that take out what was entered by mistake, with a reason."""

from projects.forms.laid_out import WithdrawForm


class Withdrawal:
    """Mixed in before the page that finds what is to go."""

    form_class = WithdrawForm
    template_name = "projects/withdraw_form.html"
    save_words = "Xóa"

    def typed(self):
        """The panel shows what goes before anybody has written why."""
        data = super().typed()
        if "xem" in data and not data.get("why"):
            data["why"] = "…"
        return data
