"""Django's checks of a password in our words: the same whether it is one's own or given to somebody else."""

from django.contrib.auth import password_validation


class LengthValidator(password_validation.MinimumLengthValidator):
    def get_error_message(self):
        return f"Mật khẩu phải có ít nhất {self.min_length} ký tự."

    def get_help_text(self):
        return self.get_error_message()


class SimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    def get_help_text(self):
        return "Mật khẩu không được gần giống tên đăng nhập, họ tên hay thư điện tử."


class CommonValidator(password_validation.CommonPasswordValidator):
    def get_help_text(self):
        return "Mật khẩu không được là mật khẩu nhiều người dùng."


class NumericValidator(password_validation.NumericPasswordValidator):
    def get_help_text(self):
        return "Mật khẩu không được chỉ toàn chữ số."
