/*
 * Folds a report's tree: a key before each row that others stand under. A row says by data-key what it opens, by
 * data-parent under which it stands. Without script, and on paper, everything stands open.
 */
"use strict";

const OPEN_AT_FIRST = 5;

function foldTree(table) {
  const under = (key) => [...table.querySelectorAll(`tr[data-parent="${CSS.escape(key)}"]`)];

  /* A row under a folded one is hidden, whatever its own key says. */
  function show(row, visible) {
    row.classList.toggle("folded", !visible);
    const key = row.querySelector(".fold");
    const open = visible && (!key || key.getAttribute("aria-expanded") === "true");
    if (row.dataset.key) for (const child of under(row.dataset.key)) show(child, open);
  }

  function turn(row, key, open) {
    key.setAttribute("aria-expanded", open);
    key.setAttribute("aria-label", open ? "Thu gọn" : "Mở ra");
    for (const child of under(row.dataset.key)) show(child, open);
  }

  for (const row of [...table.querySelectorAll("tr[data-key]")].reverse()) {
    const rows = under(row.dataset.key);
    if (!rows.length) continue;
    const key = document.createElement("button");
    key.type = "button";
    key.className = "fold";
    key.addEventListener("click", () => turn(row, key, key.getAttribute("aria-expanded") !== "true"));
    row.querySelector(".what").prepend(key);
    // A group the address asks for, or a short one, starts open; beneficiaries wait behind their đề án.
    turn(row, key, location.hash === `#${row.id}` || (!row.dataset.parent && rows.length <= OPEN_AT_FIRST));
  }
}

document.querySelectorAll("table[data-tree]").forEach(foldTree);
