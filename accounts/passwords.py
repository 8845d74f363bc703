"""Django's check of a password's length, whose sentence has no Vietnamese translation."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LengthValidator(MinimumLengthValidator):
    def get_error_message(self):
        return f"Mật khẩu phải có ít nhất {self.min_length} ký tự."

    def get_help_text(self):
        return self.get_error_message()
