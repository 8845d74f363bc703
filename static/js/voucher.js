/* A voucher proposes what may be paid of each line chosen, and shows the sum of all its rows. */
"use strict";

const voucher = document.querySelector(".voucher");

function draw(row, found) {
  const amounts = found?.amounts ?? {};
  for (const holder of row.querySelectorAll("[data-money-of]")) {
    const field = holder.querySelector("input");
    const value = amounts[holder.dataset.moneyOf];
    setField(field, value ?? "");
    readBack(field);
    holder.hidden = value === undefined;
  }
  if (found?.step) row.querySelector("select[name$=-step]").value = found.step;
  row.querySelector("[data-about]").replaceChildren(
    ...(found?.about ?? []).map((words) => Object.assign(document.createElement("p"), { textContent: words })),
  );
}

/* Digits and dots are read here, "12 triệu" by the server, which says under the field what it understood. */
function amountOf(input) {
  const typed = input.value.trim();
  const plain = /^\d{1,3}(\.\d{3})*$|^\d+$/.test(typed) ? typed : input.parentElement.querySelector(".read-back")?.textContent;
  const digits = /^(?:= )?([\d.]+)/.exec(plain ?? "")?.[1] ?? "";
  return typed ? Number(digits.replaceAll(".", "")) : 0;
}

function addUp() {
  const fields = [...voucher.querySelectorAll("[data-row]:not([hidden]) [data-money-of]:not([hidden]) input[data-money]")];
  const sum = fields.reduce((all, field) => all + amountOf(field), 0);
  const said = String(sum).replace(/\B(?=(\d{3})+$)/g, ".");
  const place = voucher.querySelector("[data-voucher-sum]");
  if (place.textContent !== said) place.textContent = said;
}

voucher.addEventListener("change", (event) => {
  if (!event.target.matches("[data-row] select[data-picker]")) return;
  const found = event.target.tomselect?.options[event.target.value];
  // A draft taken up again brings its own amounts: only what was just found proposes.
  if (!event.target.value || found?.amounts) draw(event.target.closest("[data-row]"), found);
});
voucher.addEventListener("input", addUp);
voucher.closest("form").addEventListener("change", (event) => {
  // A draft taken up again fills fields of rows that nobody chose a line in: no amount may stay out of sight.
  if (event.target === voucher.closest("form")) {
    for (const holder of voucher.querySelectorAll("[data-money-of]")) holder.hidden &&= !holder.querySelector("input").value;
  }
  addUp();
});
new MutationObserver(addUp).observe(voucher.querySelector("[data-rows-here]"), { childList: true, subtree: true, characterData: true, attributeFilter: ["hidden"] });
addUp();
