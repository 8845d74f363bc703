/* What a đề án has now, beside what a paper does to it: the list that found it brings the words along. */
"use strict";

document.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-now]");
  if (!select) return;
  const found = select.tomselect?.options[select.value];
  select.closest("[data-row]").querySelector("[data-now-here]").textContent = found?.now ?? "";
});
