/* The code of a new đề án follows its plan year and its first source, until somebody types one. */
"use strict";

for (const list of document.querySelectorAll("datalist[data-codes]")) {
  const form = list.closest("form");
  const code = form.elements.code;
  let proposed = [...list.options].some((option) => option.value === code.value) ? code.value : null;
  let asked = 0;

  /* The ids of the sources that lines name an amount of, in order. */
  function sources() {
    const amounts = [...form.querySelectorAll('[data-row]:not([hidden]) input[name*="-tien_"]')];
    return amounts.filter((field) => field.value.trim()).map((field) => field.name.split("_").pop());
  }

  async function follow() {
    if (code.value !== proposed) return;
    const url = new URL(list.dataset.codes, location.origin);
    url.searchParams.set("nam", form.elements.plan_year.value.trim());
    for (const source of sources()) url.searchParams.append("nguon", source);
    const mine = ++asked;
    const answer = await fetch(url);
    if (!answer.ok || mine !== asked) return;
    const { codes } = await answer.json();
    if (mine !== asked || code.value !== proposed) return;
    list.replaceChildren(...codes.map((text) => Object.assign(document.createElement("option"), { value: text })));
    proposed = codes[0];
    setField(code, proposed);
  }

  form.addEventListener("change", (event) => {
    const isOfCode = event.target.name === "plan_year" || event.target.name?.includes("-tien_");
    if (isOfCode) follow().catch(() => {});
  });
  // A copy begins with the amounts of the other.
  if (sources().length) follow().catch(() => {});
}
