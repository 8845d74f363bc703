/* A contract proposes what is known once its lines and its day are: only into fields that nobody has touched. */
"use strict";

for (const proposing of document.querySelectorAll("[data-proposes]")) {
  const form = proposing.closest("form");
  let asked = 0;
  let pending = null;

  function put(field, value) {
    if (!field || "touched" in field.dataset || field.value === value) return;
    setField(field, value);
    if (field.matches("[data-money], [data-day]")) readBack(field);
  }

  function putPlace(field, place) {
    if (!field || "touched" in field.dataset) return;
    if (place) setField(field, place.id, place.text);
    else field.tomselect?.clear(true);
  }

  function drawRow(row, proposed) {
    const amounts = proposed?.amounts ?? {};
    for (const holder of row.querySelectorAll("[data-money-of]")) {
      const field = holder.querySelector("input");
      put(field, amounts[holder.dataset.moneyOf] ?? "");
      holder.hidden = !(holder.dataset.moneyOf in amounts) && !field.value;
    }
    row.querySelector("[data-about]").replaceChildren(
      ...(proposed?.about ?? []).map((words) => Object.assign(document.createElement("p"), { textContent: words })),
    );
  }

  async function propose() {
    const pickers = [...proposing.querySelectorAll("[data-row]:not([hidden]) select[data-picker]")];
    const url = new URL(proposing.dataset.proposes, location.origin);
    url.searchParams.set("loai", form.elements.loai.value);
    url.searchParams.set("ky", form.elements.signed_on.value);
    for (const picker of pickers) if (picker.value) url.searchParams.append("dong", picker.value);
    const mine = ++asked;
    const answer = await fetch(url);
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    if (mine !== asked) return;
    for (const [name, value] of Object.entries(found.fields)) put(form.elements[name], value);
    for (const [name, place] of Object.entries(found.places)) putPlace(form.elements[name], place);
    for (const picker of pickers) drawRow(picker.closest("[data-row]"), found.lines[picker.value]);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function start() {
    const mine = propose().catch(() => {}).finally(() => {
      if (pending === mine) pending = null;
    });
    pending = mine;
  }

  form.addEventListener("input", (event) => {
    if (event.target.name) event.target.dataset.touched = "";
    if (event.target.name === "signed_on") start();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-row] select[data-picker]")) {
      const found = event.target.tomselect.options[event.target.value];
      // At once, before the next key is pressed; the rest follows.
      if (!event.target.value || found?.amounts) drawRow(event.target.closest("[data-row]"), found);
      start();
    }
    else if (event.target.matches("select")) event.target.dataset.touched = "";
  });

  // Saving waits for what is being proposed, else it would be saved without it.
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || !pending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      pending.then(() => form.requestSubmit(button));
    },
    true,
  );

  // What was typed before an error stays.
  if ("typed" in form.dataset) {
    for (const field of form.elements) if (field.name && field.value) field.dataset.touched = "";
    if (proposing.querySelector("select[data-picker]")?.value) start();
  }
}
