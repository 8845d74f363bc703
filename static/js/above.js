/* Forms of entry: a form above the form, that makes what is to be chosen. */
"use strict";

async function openAbove(select, typed, done) {
  const url = new URL(select.dataset.create, location.origin);
  url.searchParams.set("ten", typed);
  const dialog = document.createElement("dialog");
  dialog.className = "above";
  dialog.setAttribute("aria-label", "Thêm mới");
  document.body.append(dialog);
  dialog.addEventListener("input", () => (dialog.dataset.dirty = ""));
  dialog.addEventListener("cancel", (event) => {
    if (!mayLeave(dialog)) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    done(dialog.made);
    dialog.remove();
    if (dialog.made) select.dispatchEvent(new Event("change", { bubbles: true }));
    select.tomselect.focus();
  });
  await fillAbove(dialog, url);
}

async function fillAbove(dialog, url) {
  const { form, why, login } = await formAbove(url);
  if (form) {
    dialog.innerHTML = form;
    htmx.process(dialog);
    prepare(dialog);
  } else {
    sayNotOpened(dialog, why, login);
    dialog.querySelector("[data-again]").addEventListener("click", () => fillAbove(dialog, url));
  }
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
}

/* The form to show, or why there is none; the address of the log-in where that is the reason. */
async function formAbove(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    const login = answer.headers.get("HX-Redirect");
    if (login) return { why: "phiên đăng nhập đã hết", login };
    const form = answer.ok ? await answer.text() : "";
    return { form, why: `máy chủ báo lỗi ${answer.status}` };
  } catch {
    return { why: "không kết nối được máy chủ" };
  }
}

function sayNotOpened(dialog, why, login) {
  dialog.innerHTML =
    '<div class="form"><p class="note error" role="alert"></p><div class="act">' +
    '<button type="button" class="btn btn-primary" data-again>Thử lại</button>' +
    '<button type="button" class="btn btn-link" data-close>Đóng</button></div></div>';
  const note = dialog.querySelector(".note");
  note.textContent = `Chưa mở được biểu mẫu thêm mới: ${why}. Nội dung đang nhập ở trang này vẫn còn. `;
  if (!login) return;
  const link = document.createElement("a");
  Object.assign(link, { href: login, target: "_blank", rel: "noopener", textContent: "Đăng nhập lại ở thẻ mới" });
  note.append(link, " rồi thử lại.");
}

document.addEventListener("entry-made", (event) => {
  // One form may have opened another above itself: the answer is of the topmost.
  const dialog = [...document.querySelectorAll("dialog.above[open]")].at(-1);
  if (!dialog) return;
  if (event.detail.id !== undefined) dialog.made = { id: String(event.detail.id), text: event.detail.text };
  dialog.close();
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog [data-close]")?.closest("dialog");
  if (dialog && mayLeave(dialog)) dialog.close();
});

function mayLeave(dialog) {
  return !("dirty" in dialog.dataset) || confirm("Bỏ nội dung đang nhập ở đây?");
}

/* A second Enter before the answer would save the form above a second time. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("dialog.above form");
  if (!form) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("dialog.above form");
  if (form) delete form.dataset.sent;
});

document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
