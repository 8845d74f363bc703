/* A contract proposes what is known once its lines and its day are: only into fields that nobody has touched. */
"use strict";

/* What a field held when the page came: people type before this script is there. */
function cameWith(field) {
  if (!field.matches("select")) return field.defaultValue;
  return [...field.options].find((option) => option.defaultSelected)?.value ?? "";
}

for (const proposing of document.querySelectorAll("[data-proposes]")) {
  const form = proposing.closest("form");
  const day = form.elements.signed_on;
  const proposed = new WeakMap();
  let asked = 0;
  let pending = null;

  // Whoever touched it, and when: it holds something else than what was proposed.
  const isTouched = (field) => field.value !== (proposed.has(field) ? proposed.get(field) : cameWith(field));
  const pickers = () => [...proposing.querySelectorAll("[data-row]:not([hidden]) select[data-picker]")];
  const keyOf = (on, lines) => [on, ...lines.filter(Boolean)].join(" ");
  const keyNow = () => keyOf(day.value, pickers().map((picker) => picker.value));
  let told = keyOf(day.defaultValue, pickers().map(cameWith));

  function note(field, value) {
    if (field) proposed.set(field, value);
  }

  function put(field, value, text) {
    if (!field || isTouched(field)) return;
    note(field, value);
    if (field.value === value) return;
    if (field.tomselect && !value) field.tomselect.clear(true);
    else setField(field, value, text);
    if (field.matches("[data-money], [data-day]")) readBack(field);
  }

  function drawRow(row, found, write) {
    const amounts = found?.amounts ?? {};
    for (const holder of row.querySelectorAll("[data-money-of]")) {
      const field = holder.querySelector("input");
      write(field, amounts[holder.dataset.moneyOf] ?? "");
      holder.hidden = !(holder.dataset.moneyOf in amounts) && !field.value;
    }
    row.querySelector("[data-about]").replaceChildren(
      ...(found?.about ?? []).map((words) => Object.assign(document.createElement("p"), { textContent: words })),
    );
  }

  async function ask(on, lines) {
    const url = new URL(proposing.dataset.proposes, location.origin);
    url.searchParams.set("loai", form.elements.loai.value);
    url.searchParams.set("ky", on);
    for (const line of lines.filter(Boolean)) url.searchParams.append("dong", line);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function take(found, write) {
    for (const [name, value] of Object.entries(found.fields)) write(form.elements[name], value);
    for (const [name, place] of Object.entries(found.places)) write(form.elements[name], place?.id ?? "", place?.text);
    for (const picker of pickers()) drawRow(picker.closest("[data-row]"), found.lines[picker.value], write);
  }

  // A form that was refused holds what was typed beside what was proposed: what differs from a proposal was typed.
  const ready =
    "typed" in form.dataset
      ? ask(day.defaultValue, pickers().map(cameWith)).then((found) => take(found, note))
      : Promise.resolve();
  // Without knowing it nothing is put over what was typed.
  ready.catch(() => {});

  async function propose() {
    const mine = ++asked;
    told = keyNow();
    await ready;
    const found = await ask(day.value, pickers().map((picker) => picker.value));
    if (mine !== asked) return;
    take(found, put);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function start() {
    const mine = propose().catch(() => {}).finally(() => {
      if (pending === mine) pending = null;
    });
    pending = mine;
  }

  form.addEventListener("input", (event) => {
    if (event.target === day) start();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-row] select[data-picker]")) {
      const found = event.target.tomselect.options[event.target.value];
      // At once, before the next key is pressed; the rest follows.
      if (!event.target.value || found?.amounts) drawRow(event.target.closest("[data-row]"), found, put);
      start();
    }
    // A draft taken back fills many fields at once.
    else if (event.target === form && keyNow() !== told) start();
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

  const catchUp = () => {
    if (keyNow() !== told) start();
  };
  catchUp();
  // A browser may put back what stood here before the person left the page, and only once all is loaded.
  window.addEventListener("pageshow", catchUp);
}
