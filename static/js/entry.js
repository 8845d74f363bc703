/* Forms of entry: read back, pick a day, rows that grow, what saving would do, one submit; the start of all,
   so it comes after pickers.js, above.js and drafts.js. */
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
  // Whoever typed before this script was there goes on where he is.
  if (!document.querySelector("[data-focus]") && !form.contains(document.activeElement)) startAt(form);
}
