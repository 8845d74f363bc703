/* Forms of entry: nothing lost, neither what was typed nor of two versions the other. */
"use strict";

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
