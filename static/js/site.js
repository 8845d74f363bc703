/* What the frame does beyond plain links and forms: keys, rows that open, drawer, menus. No rule of the domain. */
"use strict";

const root = document.documentElement;

/* --- drafts: a page that a save led to drops what was kept of it (entry.js keeps it) ---------------- */

const DRAFTS = "khuyencong-draft:";

for (const note of document.querySelectorAll("[data-once]")) {
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith(DRAFTS))) {
    if (JSON.parse(sessionStorage.getItem(key)).once === note.dataset.once) sessionStorage.removeItem(key);
  }
}

/* --- keys --------------------------------------------------------------------------------------- */

function isTyping(target) {
  return target.isContentEditable || target.matches("input, select, textarea");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenus();
    closeDrawer();
    return;
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

/* --- menus: <details data-menu> closes when the work goes on elsewhere -------------------------- */

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held && !except) menu.querySelector("summary").focus();
  }
}

document.addEventListener("click", (event) => {
  const menu = event.target.closest("details[data-menu]");
  for (const other of document.querySelectorAll("details[data-menu][open]")) {
    if (other !== menu) other.open = false;
  }
});

/* --- drawer: without script the link's :target opens it ----------------------------------------- */

function closeDrawer() {
  if (!root.classList.contains("drawer-open")) return;
  root.classList.remove("drawer-open");
  document.querySelector(".drawer-key").focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".drawer-key")) {
    event.preventDefault();
    root.classList.add("drawer-open");
    document.querySelector(".side [aria-current], .side a:not(.drawer-close)").focus();
  } else if (event.target.closest(".drawer-close")) {
    event.preventDefault();
    closeDrawer();
  } else if (!event.target.closest(".side")) {
    root.classList.remove("drawer-open");
  }
});

/* --- rows: a click anywhere opens the row's first link, arrows walk from row to row -------------- */

function rowLink(row) {
  return row.querySelector("a[href]");
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("table[data-rows] tbody tr");
  if (!row || event.target.closest("a, button, input, label, select, summary")) return;
  const link = rowLink(row);
  // Marking text to copy it ends in a click too.
  if (!link || window.getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href);
  else link.click();
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest("table[data-rows] tbody tr");
  if (!step || !row || isTyping(event.target)) return;
  const rows = [...row.closest("table").querySelectorAll("tbody tr")].filter(rowLink);
  const next = rows[rows.indexOf(row) + step];
  event.preventDefault();
  if (next) rowLink(next).focus();
});

/* --- forms -------------------------------------------------------------------------------------- */

document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (asked && !window.confirm(asked)) event.preventDefault();
});

/* A day picked with the mouse is final; one being typed changes at each key and waits for Enter. */
let lastKeyAt = 0;
document.addEventListener("keydown", () => (lastKeyAt = Date.now()), true);
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-day-form]");
  if (form && event.target.value && Date.now() - lastKeyAt > 1000) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* What is folded on the screen is there on paper, where nobody can unfold it. */
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details[data-prints]:not([open])")];
  for (const folded of unfolded) folded.open = true;
});
window.addEventListener("afterprint", () => {
  for (const folded of unfolded) folded.open = false;
});

document.querySelector("[data-focus]")?.focus();
