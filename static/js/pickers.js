/* Forms of entry: what is found while typing. */
"use strict";

function drawOption(data, escape) {
  const second = data.sub ? `<span class="sub">${escape(data.sub)}</span>` : "";
  return `<div>${escape(data.text)}${second}</div>`;
}

/* Options that stand once in a page: the first select of their name holds all, the others are filled from it. */
const shared = new Map();
function fillShared(select) {
  const name = select.dataset.shared;
  if (!name) return;
  if (select.hasAttribute("data-all")) {
    shared.set(name, [...select.children].map((child) => child.cloneNode(true)));
  } else if (shared.has(name)) {
    const value = select.value;
    select.replaceChildren(...shared.get(name).map((child) => child.cloneNode(true)));
    select.value = value;
  }
}

function makePicker(select) {
  if (select.tomselect) return;
  fillShared(select);
  const address = select.dataset.picker;
  const form = select.closest("form");
  const load = async (query, done) => {
    const url = new URL(address, location.origin);
    url.searchParams.set("q", query);
    for (const name of (select.dataset.with || "").split(" ").filter(Boolean)) {
      const other = form.elements[select.name.replace(/[^-]+$/, name)] || form.elements[name];
      if (other && other.value) url.searchParams.set(name, other.value);
    }
    let found, hints;
    try {
      ({ results: found, hints = [] } = await (await fetch(url)).json());
    } catch {
      done();
      return;
    }
    // Typed on meanwhile: this answers a question nobody asks any more.
    if (query !== picker.inputValue()) {
      done();
      return;
    }
    answered = query;
    foundIds = new Set(found.map((option) => String(option.id)));
    showHints(picker, hints);
    done(found);
    const isWanted = wanted === query;
    wanted = null;
    if (isWanted && found.length) picker.addItem(String(found[0].id));
    else if (isWanted && select.dataset.create) picker.createItem(query);
  };
  // An Enter before the answer is there takes the first one found once it is, never one found for fewer letters;
  // where nothing is found it opens the form of a new one.
  let answered = "";
  let wanted = null;
  // What was chosen before stays an option, but is no answer to other words: Enter must not keep it silently.
  let foundIds = new Set();
  const picker = new TomSelect(select, {
    valueField: "id",
    labelField: "text",
    searchField: [],
    load: address ? load : undefined,
    loadThrottle: 150,
    refreshThrottle: 0,
    maxOptions: 200,
    selectOnTab: false,
    closeAfterSelect: true,
    openOnFocus: false,
    create: select.dataset.create ? (typed, done) => openAbove(select, typed, done) : false,
    createFilter: (typed) => typed.trim().length > 0,
    persist: false,
    score: address ? () => (option) => Number(foundIds.has(String(option.id))) : undefined,
    ...(address ? {} : { searchField: ["text"] }),
    render: {
      option: drawOption,
      item: (data, escape) => `<div>${escape(data.text)}</div>`,
      no_results: () => '<div class="no-results" role="option" aria-disabled="true">Không tìm thấy.</div>',
      loading: () => '<div class="no-results" role="option" aria-disabled="true">Đang tìm …</div>',
      option_create: (data, escape) => `<div class="create">＋ Thêm mới “${escape(data.input)}”</div>`,
    },
    shouldLoad: () => true,
    onItemAdd() {
      this.setTextboxValue("");
      showHints(this, []);
    },
    onType() {
      // What was found for fewer letters is no answer any more.
      answered = null;
      foundIds = new Set();
      if (address) this.clearOptions((option) => this.items.includes(String(option.id)));
    },
  });
  if (address) {
    picker.control.addEventListener(
      "keydown",
      (event) => {
        const typed = picker.inputValue();
        if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && typed && typed !== answered) {
          wanted = typed;
          event.preventDefault();
          event.stopPropagation();
        }
      },
      true,
    );
  }
  chooseOnTab(picker);
  openWhenAsked(picker);
  // The list drawn beside it has the label and the help; this one only keeps what was chosen.
  select.setAttribute("aria-hidden", "true");
  if (select.hasAttribute("aria-describedby")) {
    picker.control_input.setAttribute("aria-describedby", select.getAttribute("aria-describedby"));
  }
  select.addEventListener("focus", () => picker.focus());
}

/* What was looked for and cannot be chosen: in the list, and under the field once the list is closed. */
function showHints(picker, hints) {
  for (const [place, name] of [[picker.dropdown, "hints"], [picker.wrapper.parentElement, "hints read-back"]]) {
    let holder = place.querySelector(":scope > .hints");
    if (!holder && !hints.length) continue;
    if (!holder) {
      holder = Object.assign(document.createElement("div"), { className: name });
      if (place !== picker.dropdown) holder.setAttribute("aria-live", "polite");
      place.append(holder);
    }
    holder.replaceChildren(...hints.map(drawHint));
  }
}

function drawHint({ text, url, words }) {
  const line = Object.assign(document.createElement("p"), { textContent: `${text}. ` });
  const link = { href: url, target: "_blank", className: "fig", textContent: words };
  line.append(Object.assign(document.createElement("a"), link));
  return line;
}

/* Tab takes what is marked in the open list and goes on, as from any field; "＋ Thêm mới" opens its form instead. */
function chooseOnTab(picker) {
  picker.control.addEventListener(
    "keydown",
    (event) => {
      const option = picker.isOpen && picker.inputValue() && picker.activeOption;
      if (event.key !== "Tab" || event.shiftKey || !option) return;
      if (option.classList.contains("create")) event.preventDefault();
      picker.onOptionSelect(event, option);
    },
    true,
  );
}

/* A list that opens by itself lies over the form: it waits for a letter, an arrow down or a click. */
function openWhenAsked(picker) {
  const open = () => {
    if (!picker.inputValue()) picker.load("");
    picker.refreshOptions(true);
  };
  let isPressed = false;
  picker.control.addEventListener("mousedown", () => (isPressed = !picker.isOpen), true);
  picker.control.addEventListener("click", () => {
    if (isPressed) setTimeout(open);
    isPressed = false;
  });
  picker.control.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "ArrowDown" || picker.isOpen) return;
      event.preventDefault();
      event.stopPropagation();
      open();
    },
    true,
  );
}
