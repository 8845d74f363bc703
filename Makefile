# Các lệnh của dự án; gõ "make" để xem.
PYTHON ?= python3
BIN := .venv/bin
# A private npm of .venv comes last: the machine's own is preferred.
export PATH := $(PATH):$(CURDIR)/$(BIN)
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run setup test lint shots bench browser

help:
	@echo "make run     chạy phần mềm tại http://127.0.0.1:8000 (PORT=…, DATABASE_URL=… để đổi)"
	@echo "make setup   cài đặt và chuẩn bị cơ sở dữ liệu như make run, không chạy"
	@echo "make test    chạy toàn bộ kiểm thử trên SQLite, PostgreSQL và trình duyệt"
	@echo "make lint    soát mã nguồn, mẫu trang, migration và cấu hình triển khai"
	@echo "make shots   chụp mọi trang vào thư mục shots/"
	@echo "make bench   đo tốc độ"

run: setup
	@DJANGO_SETTINGS_MODULE=khuyencong.settings exec $(BIN)/gunicorn --config python:khuyencong.serve khuyencong.wsgi

setup: .venv/prod node_modules/.stamp
	@$(BIN)/python manage.py prepare

test: .venv/dev node_modules/.stamp browser
	@$(BIN)/python -m tests.everything

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	@# In memory: comparing needs a database to open, and would leave an empty file.
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "check --deploy (cấu hình triển khai)"
	@HTTPS=1 DEBUG=0 ALLOWED_HOSTS=khuyencong.example STATIC_ROOT=/tmp/khuyencong-static \
	DATABASE_URL=postgres://khuyencong@127.0.0.1/khuyencong \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

shots: .venv/dev node_modules/.stamp browser
	@$(BIN)/python -m tests.shots

bench: .venv/dev
	@$(BIN)/python -m bench

# --- what the targets stand on; a stamp is touched only after success ---

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Cần Python 3.11 trở lên; đặt PYTHON=… nếu có bản khác."; exit 1; }
	@$(PYTHON) -m venv .venv \
	|| { rm -rf .venv; echo "Không tạo được môi trường ảo: cài gói python3-venv."; exit 1; }

.venv/prod: requirements.txt | .venv/bin/python
	@$(call install,requirements.txt)
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt | .venv/bin/python
	@$(call install,requirements-dev.txt)
	@touch .venv/prod $@

node_modules/.stamp: package.json package-lock.json | .venv/bin/python
	@command -v npm >/dev/null || { echo "Máy không có npm: cài Node.js vào .venv."; $(call install,requirements-node.txt); }
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

browser: .venv/dev
	@$(BIN)/python -m tests.browser

# uv where there is one, else pip.
define install
if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python -r $(1); \
else $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -r $(1); fi
endef
