/* Forms of entry: read back, pick a day, find while typing, rows that grow, nothing lost, one submit. */
"use strict";

/* --- read back: the server says under the field what it understood ------------------------------- */

const waiting = new WeakMap();

function later(key, milliseconds, work) {
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(work, milliseconds));
}

function underField(input) {
  let line = input.parentElement.querySelector(":scope > .read-back");
  if (!line) {
    line = document.createElement("small");
    line.className = "read-back";
    line.setAttribute("aria-live", "polite");
    // Behind the calendar, which sits on the line of its field.
    (input.parentElement.querySelector(":scope > .calendar") || input).after(line);
  }
  return line;
}

async function readBack(input) {
  const typed = input.value.trim();
  const line = underField(input);
  if (!typed) {
    line.textContent = "";
    return;
  }
  const name = "money" in input.dataset ? "tien" : "ngay_go";
  const year = input.dataset.year ? `&nam_go=${input.dataset.year}` : "";
  const done = "done" in input.dataset ? "&da_xong=1" : "";
  const answer = await fetch(`/doc-lai/?${name}=${encodeURIComponent(typed)}${year}${done}`);
  if (answer.ok && input.value.trim() === typed) line.textContent = (await answer.text()).trim();
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-money], [data-day]")) later(event.target, 250, () => readBack(event.target));
});

/* A day left with its year out is written in full: the year that was taken must be seen. */
document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches("[data-day]") || !/^\d{1,2}[/.\- ]\d{1,2}$/.test(input.value.trim())) return;
  const typed = input.value;
  await readBack(input);
  const full = underField(input).textContent.match(/\d{2}\/\d{2}\/\d{4}$/);
  if (full && input.value === typed) input.value = full[0];
});

/* --- days: a calendar beside the field ----------------------------------------------------------- */

function addCalendar(input) {
  if (input.dataset.ready) return;
  input.dataset.ready = "1";
  const picker = document.createElement("input");
  picker.type = "date";
  picker.className = "calendar";
  picker.tabIndex = -1;
  picker.setAttribute("aria-label", "Chọn ngày trên lịch");
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    const [year, month, day] = picker.value.split("-");
    input.value = `${day}/${month}/${year}`;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  input.parentElement.classList.add("with-calendar");
  input.after(picker);
}

/* --- found while typing -------------------------------------------------------------------------- */

function drawOption(data, escape) {
  const second = data.sub ? `<span class="sub">${escape(data.sub)}</span>` : "";
  return `<div>${escape(data.text)}${second}</div>`;
}

/* Options that stand once in a page: the first select of their name holds all, the others are filled from it. */
const shared = new Map();
function fillShared(select) {
  const name = select.dataset.shared;
  if (!name) return;
  if (select.hasAttribute("data-all")) {
    shared.set(name, [...select.children].map((child) => child.cloneNode(true)));
  } else if (shared.has(name)) {
    const value = select.value;
    select.replaceChildren(...shared.get(name).map((child) => child.cloneNode(true)));
    select.value = value;
  }
}

function makePicker(select) {
  if (select.tomselect) return;
  fillShared(select);
  const address = select.dataset.picker;
  const form = select.closest("form");
  const load = async (query, done) => {
    const url = new URL(address, location.origin);
    url.searchParams.set("q", query);
    for (const name of (select.dataset.with || "").split(" ").filter(Boolean)) {
      const other = form.elements[select.name.replace(/[^-]+$/, name)] || form.elements[name];
      if (other && other.value) url.searchParams.set(name, other.value);
    }
    let found, hints;
    try {
      ({ results: found, hints = [] } = await (await fetch(url)).json());
    } catch {
      done();
      return;
    }
    // Typed on meanwhile: this answers a question nobody asks any more.
    if (query !== picker.inputValue()) {
      done();
      return;
    }
    answered = query;
    showHints(picker, hints);
    done(found);
    if (wanted === query && found.length) picker.addItem(String(found[0].id));
    wanted = null;
  };
  // An Enter before the answer is there takes the first one found once it is, never one found for fewer letters.
  let answered = "";
  let wanted = null;
  const picker = new TomSelect(select, {
    valueField: "id",
    labelField: "text",
    searchField: [],
    load: address ? load : undefined,
    loadThrottle: 150,
    refreshThrottle: 0,
    maxOptions: 200,
    selectOnTab: false,
    closeAfterSelect: true,
    openOnFocus: false,
    create: select.dataset.create ? (typed, done) => openAbove(select, typed, done) : false,
    createFilter: (typed) => typed.trim().length > 0,
    persist: false,
    score: address ? () => () => 1 : undefined,
    ...(address ? {} : { searchField: ["text"] }),
    render: {
      option: drawOption,
      item: (data, escape) => `<div>${escape(data.text)}</div>`,
      no_results: () => '<div class="no-results" role="option" aria-disabled="true">Không tìm thấy.</div>',
      loading: () => '<div class="no-results" role="option" aria-disabled="true">Đang tìm …</div>',
      option_create: (data, escape) => `<div class="create">＋ Thêm mới “${escape(data.input)}”</div>`,
    },
    shouldLoad: () => true,
    onItemAdd() {
      this.setTextboxValue("");
      showHints(this, []);
    },
    onType() {
      // What was found for fewer letters is no answer any more.
      answered = null;
      if (address) this.clearOptions((option) => this.items.includes(String(option.id)));
    },
  });
  if (address) {
    picker.control.addEventListener(
      "keydown",
      (event) => {
        const typed = picker.inputValue();
        if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && typed && typed !== answered) {
          wanted = typed;
          event.preventDefault();
          event.stopPropagation();
        }
      },
      true,
    );
  }
  chooseOnTab(picker);
  openWhenAsked(picker);
  // The list drawn beside it has the label and the help; this one only keeps what was chosen.
  select.setAttribute("aria-hidden", "true");
  if (select.hasAttribute("aria-describedby")) {
    picker.control_input.setAttribute("aria-describedby", select.getAttribute("aria-describedby"));
  }
  select.addEventListener("focus", () => picker.focus());
}

/* What was looked for and cannot be chosen: in the list, and under the field once the list is closed. */
function showHints(picker, hints) {
  for (const [place, name] of [[picker.dropdown, "hints"], [picker.wrapper.parentElement, "hints read-back"]]) {
    let holder = place.querySelector(":scope > .hints");
    if (!holder && !hints.length) continue;
    if (!holder) {
      holder = Object.assign(document.createElement("div"), { className: name });
      if (place !== picker.dropdown) holder.setAttribute("aria-live", "polite");
      place.append(holder);
    }
    holder.replaceChildren(...hints.map(drawHint));
  }
}

function drawHint({ text, url }) {
  const line = Object.assign(document.createElement("p"), { textContent: `${text}. ` });
  const link = { href: url, target: "_blank", className: "fig", textContent: "Xem hợp đồng" };
  line.append(Object.assign(document.createElement("a"), link));
  return line;
}

/* Tab takes what is marked in the open list and goes on, as from any field; "＋ Thêm mới" opens its form instead. */
function chooseOnTab(picker) {
  picker.control.addEventListener(
    "keydown",
    (event) => {
      const option = picker.isOpen && picker.inputValue() && picker.activeOption;
      if (event.key !== "Tab" || event.shiftKey || !option) return;
      if (option.classList.contains("create")) event.preventDefault();
      picker.onOptionSelect(event, option);
    },
    true,
  );
}

/* A list that opens by itself lies over the form: it waits for a letter, an arrow down or a click. */
function openWhenAsked(picker) {
  const open = () => {
    if (!picker.inputValue()) picker.load("");
    picker.refreshOptions(true);
  };
  let isPressed = false;
  picker.control.addEventListener("mousedown", () => (isPressed = !picker.isOpen), true);
  picker.control.addEventListener("click", () => {
    if (isPressed) setTimeout(open);
    isPressed = false;
  });
  picker.control.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "ArrowDown" || picker.isOpen) return;
      event.preventDefault();
      event.stopPropagation();
      open();
    },
    true,
  );
}

/* --- a form above the form ----------------------------------------------------------------------- */

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
  dialog.made = { id: String(event.detail.id), text: event.detail.text };
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

/* --- rows that grow: [data-rows-of] holds a <template data-blank> and a hidden TOTAL_FORMS ---------
   Rows inside many rows share one blank: data-blank-at names it, its data-prefix is put in their own words. */

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  const drop = event.target.closest("[data-drop-row]");
  const form = (add || drop)?.closest("form[data-entry]");
  if (form) form.dataset.dirty = "";
  if (add) addRow(add.closest("[data-rows-of]"));
  if (drop) dropRow(drop.closest("[data-row]"));
});

function addRow(group) {
  const prefix = group.dataset.rowsOf;
  const total = group.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const blank =
    group.querySelector(":scope > template[data-blank]") || document.getElementById(group.dataset.blankAt);
  const mark = blank.dataset.mark || "__prefix__";
  const holder = document.createElement("div");
  // A row inside the row brings a blank of its own, with a mark of its own.
  holder.innerHTML = blank.innerHTML.replaceAll(blank.dataset.prefix || prefix, prefix).replaceAll(mark, total.value);
  total.value = Number(total.value) + 1;
  const row = holder.firstElementChild;
  (group.querySelector(":scope > [data-rows-here]") || group).append(row);
  prepare(row);
  // The box that drops the row stands first in it and is not seen.
  row.querySelector(":is(input:not([type=hidden]), select, textarea):not([hidden])")?.focus();
  group.dispatchEvent(new Event("change", { bubbles: true }));
  return row;
}

function dropRow(row) {
  const gone = row.querySelector('[name$="-DELETE"]');
  if (gone) gone.checked = true;
  row.hidden = true;
  row.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
}

/* --- effects: what saving would do ---------------------------------------------------------------- */

let asked = 0;

async function showEffects(form) {
  const place = document.querySelector("[data-effects]");
  if (!place || form.dataset.sent) return;
  const data = new FormData(form);
  data.set("xem", "1");
  const mine = ++asked;
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
  const told = answer.ok ? await answer.text() : null;
  // Typed on meanwhile: an answer that comes late tells of what stands there no more.
  if (told === null || mine !== asked) return;
  place.innerHTML = told.trim();
  dropTold(place, form);
}

/* What the form itself lists, for a reason or to be mended, is not told once more beside it. */
function dropTold(place, form) {
  const told = [...form.querySelectorAll(":is([data-warnings], .note.error ul) > li")].map((item) => item.textContent.trim());
  for (const note of place.querySelectorAll(".note")) {
    if (told.some((text) => text.startsWith(note.textContent.trim()))) note.remove();
  }
}

/* --- nothing lost --------------------------------------------------------------------------------- */

/* By person too: another one at the same machine is not offered what this one typed. By query, as a form of one
   year or one line is not that of another; the page to go back to (ve) makes no other form. */
function draftKey() {
  const query = new URLSearchParams(location.search);
  query.delete("ve");
  return `${DRAFTS}${document.querySelector("form[data-entry]").dataset.user}:${location.pathname}?${query}`;
}

function keepDraft(form) {
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  const boxes = boxesOf(form).map((box) => [box.name, box.value, box.checked]);
  const draft = { at: Date.now(), once: form.elements.once?.value, typed, boxes, names: namesOfChosen(form) };
  sessionStorage.setItem(draftKey(), JSON.stringify(draft));
}

/* What is chosen in each list by what it is called: an id tells a person nothing. */
function namesOfChosen(form) {
  const lists = [...form.elements].filter((field) => field.tomselect && field.value);
  return Object.fromEntries(lists.map((field) => [field.name, field.tomselect.options[field.value]?.text]));
}

/* A box that is not ticked says nothing in what is sent, yet it may have been unticked by hand. */
function boxesOf(form) {
  return [...form.elements].filter((field) => field.type === "checkbox" && field.name);
}

function offerDraft(form) {
  const kept = sessionStorage.getItem(draftKey());
  if (!kept || "typed" in form.dataset) return;
  const draft = JSON.parse(kept);
  const clock = new Date(draft.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const note = document.createElement("p");
  note.className = "note warning";
  note.textContent = `Có nội dung nhập dở lúc ${clock}, chưa lưu. `;
  const take = document.createElement("button");
  take.type = "button";
  take.className = "btn";
  take.textContent = "Lấy lại";
  take.addEventListener("click", () => {
    fill(form, draft);
    note.remove();
  });
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-link";
  drop.textContent = "Bỏ";
  drop.addEventListener("click", () => {
    sessionStorage.removeItem(draftKey());
    note.remove();
  });
  note.append(take, drop);
  form.prepend(note);
}

function growRows(root, typed) {
  for (const group of root.querySelectorAll("[data-rows-of]")) {
    const wanted = typed.find(([name]) => name === `${group.dataset.rowsOf}-TOTAL_FORMS`)?.[1] ?? 0;
    const total = group.querySelector(`[name="${group.dataset.rowsOf}-TOTAL_FORMS"]`);
    while (Number(total.value) < Number(wanted)) growRows(addRow(group), typed);
  }
}

function fill(form, { typed, boxes = [], names = {} }) {
  growRows(form, typed);
  const ticked = new Map(boxes.map(([name, value, isTicked]) => [`${name}=${value}`, isTicked]));
  const boxNames = new Set(boxes.map(([name]) => name));
  for (const [name, value] of typed) {
    if (["once", "opened", "ve"].includes(name) || name.endsWith("_FORMS") || boxNames.has(name)) continue;
    setField(form.elements[name], value, names[name]);
  }
  for (const box of boxesOf(form)) box.checked = ticked.get(`${box.name}=${box.value}`) ?? box.checked;
  for (const row of form.querySelectorAll("[data-row]")) {
    row.hidden = Boolean(row.querySelector('[name$="-DELETE"]')?.checked);
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function setField(field, value, text = value) {
  if (!field) return;
  if (field instanceof RadioNodeList) {
    field.value = value;
  } else if (field.tomselect) {
    field.tomselect.addOption({ id: value, text });
    field.tomselect.setValue(value, true);
  } else if (field.type === "checkbox") {
    field.checked = Boolean(value);
  } else {
    field.value = value;
  }
}

function isDirty(form) {
  return "dirty" in form.dataset || "typed" in form.dataset;
}

window.addEventListener("beforeunload", (event) => {
  const form = document.querySelector("form[data-entry]");
  if (form && isDirty(form) && !form.dataset.sent) event.preventDefault();
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-entry]");
  if (!form) return;
  form.dataset.dirty = "";
  later(form, 400, () => {
    keepDraft(form);
    showEffects(form);
  });
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-entry]");
  if (!form) return;
  // It takes the place of what the last letter had ordered: leaving a field quickly must not lose it.
  later(form, 200, () => {
    if (isDirty(form)) keepDraft(form);
    showEffects(form);
  });
});

/* Both versions: choosing one puts it into its field; typing in the field again takes one's own back. */
document.addEventListener("change", (event) => {
  const choice = event.target.closest("[data-takes]");
  if (choice) takeVersion(choice);
});

function takeVersion(choice) {
  setField(choice.form.elements[choice.dataset.takes], choice.dataset.raw, choice.dataset.text);
}

document.addEventListener("input", (event) => {
  const mine = event.target.form?.querySelector(`[data-takes="${CSS.escape(event.target.name || "")}"][value=mine]`);
  if (mine) mine.checked = true;
});

/* --- one submit ----------------------------------------------------------------------------------- */

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-entry]");
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  keepDraft(form);
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button) {
    button.setAttribute("aria-busy", "true");
    button.classList.add("busy");
  }
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-entry][data-sent]")) delete form.dataset.sent;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // Above the page nothing beneath is meant, not even while the form above has not come.
  const above = [...document.querySelectorAll("dialog.above[open]")].at(-1);
  const own = above ? above.querySelector("form") : event.target.closest("form");
  const form = above || own ? own : document.querySelector("form[data-entry]");
  if (!form?.matches("dialog form, form[data-entry]")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-continue]") || form.querySelector("button.btn-primary"));
});

/* An error leads to its field without a mark in the address, which the next form would begin at. */
document.addEventListener("click", (event) => {
  const field = document.getElementById(event.target.closest?.('form a[href^="#"]')?.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});

/* --- start ---------------------------------------------------------------------------------------- */

function prepare(root) {
  if (!root?.querySelectorAll) return;
  for (const select of root.querySelectorAll("select[data-picker], select[data-find]")) makePicker(select);
  for (const input of root.querySelectorAll("input[data-day]")) addCalendar(input);
  for (const input of root.querySelectorAll("input[data-money]:not(.is-invalid)")) {
    if (input.value && !input.closest(".is-wrong")) readBack(input);
  }
}

/* Typing begins at the first field that is not a list answered already. */
function startAt(form) {
  const fields = [...form.querySelectorAll("input:not([type=hidden], [type=date]), select, textarea")];
  const isAnswered = (field) => field.closest(".ts-wrapper") || (field.tomselect && field.value);
  fields.find((field) => !field.disabled && field.checkVisibility() && !isAnswered(field))?.focus();
}

prepare(document);
// What this person had not touched starts with the other's version.
document.querySelectorAll("[data-takes][value=theirs]:checked").forEach(takeVersion);
for (const form of document.querySelectorAll("form[data-entry]")) {
  offerDraft(form);
  if (form.querySelector("[data-effects]") || document.querySelector("[data-effects]")) showEffects(form);
  if (!document.querySelector("[data-focus]")) startAt(form);
}
