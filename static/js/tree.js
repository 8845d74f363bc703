/* Folds the beneficiaries and đề án of a report's tree behind a key before their group; without script all stand open. */
"use strict";

for (const table of document.querySelectorAll("table[data-tree]")) {
  for (const group of table.querySelectorAll("tr[data-key]")) {
    const rows = [...table.querySelectorAll(`tr[data-parent="${CSS.escape(group.dataset.key)}"]`)];
    if (!rows.length) continue;
    const key = document.createElement("button");
    key.type = "button";
    key.className = "fold";
    const show = (open) => {
      key.setAttribute("aria-expanded", open);
      key.setAttribute("aria-label", open ? "Thu gọn" : "Mở ra");
      for (const row of rows) row.classList.toggle("folded", !open);
    };
    key.addEventListener("click", () => show(key.getAttribute("aria-expanded") !== "true"));
    group.querySelector(".what").prepend(key);
    show(true);
  }
}
