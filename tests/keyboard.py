"""What of a page somebody without a mouse cannot reach, see or leave: real presses of Tab, and one look by script."""

STOPS_AT_MOST = 25


def keyboard_faults(page):
    """Sentences about what fails in the main part of an opened page; leaves the focus somewhere in it.

    Where scripts answer keys (forms of entry) Tab is really pressed from stop to stop. Elsewhere only the browser
    moves the focus, in the order of the document: two real presses, and every stop is focused by script.
    """
    page.locator("main").focus()
    stops = page.evaluate(STOPS)
    presses = min(stops, STOPS_AT_MOST if page.locator("main form[data-entry]").count() else 2)
    for _ in range(presses):
        page.keyboard.press("Tab")
    return page.evaluate(FAULTS, presses)


STOPS = """() => {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  const main = document.querySelector("main");
  const visible = [...main.querySelectorAll(controls)].filter(
    element => element.getClientRects().length && element.checkVisibility({ visibilityProperty: true }));
  const isFirstOfRadios = element => {
    const group = [...main.querySelectorAll(`input[name="${CSS.escape(element.name)}"]`)];
    return element === (group.find(radio => radio.checked) || group[0]);
  };
  const keys = window.keys = { visible, reached: [] };
  keys.stops = visible.filter(
    element => element.tabIndex >= 0 && !element.disabled && (element.type !== "radio" || isFirstOfRadios(element)));
  keys.places = keys.stops.map(element => element.getBoundingClientRect());
  // The frame that shows the focus may be drawn around the control.
  keys.look = element => [element, element.closest(".ts-control")].filter(Boolean).map(each => {
    const style = getComputedStyle(each);
    return style.outline + style.boxShadow + style.borderColor;
  }).join();
  keys.typed = () => [...main.querySelectorAll("form")].map(
    form => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString()
  ).join(" ");
  keys.before = keys.typed();
  keys.looks = new Map(keys.stops.map(element => [element, keys.look(element)]));
  document.addEventListener("focusin", event => keys.reached.push(event.target));
  return keys.stops.length;
}"""

FAULTS = """presses => {
  const { visible, stops, places, reached, look, looks, typed, before } = window.keys;
  const found = [];
  // What stays in sight while the page moves is where it is, not where it stands in the text.
  const stays = element => {
    for (let each = element; each; each = each.parentElement) {
      if (getComputedStyle(each).position === "sticky") return true;
    }
  };
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 140)}`);
  // What saving would do is told beside the form a moment later: links come and go meanwhile.
  const standing = stops.filter(stop => stop.getClientRects().length);
  const known = reached.filter(each => stops.includes(each));
  standing.slice(0, presses - (reached.length - known.length)).forEach((stop, nth) => {
    if (known[nth] !== stop) say(`Tab ${nth + 1} led to ${known[nth]?.outerHTML.slice(0, 80)}, not to`, stop);
  });
  if (typed() !== before) found.push(`Tab alone changed what is filled in: ${before} -> ${typed()}`);
  for (const element of visible) {
    if (element.tabIndex > 0) say("out of the order of the page", element);
    // A day is typed, its calendar is for the mouse; a list drawn in a select's place takes its keys; the rest is
    // given the focus by script.
    const apart = element.matches(".calendar, .tomselected, [role=alert], [role=option]") || element.disabled;
    if (element.tabIndex < 0 && !apart) say("not reached by Tab", element);
  }
  for (const element of document.querySelectorAll("main *")) {
    if (getComputedStyle(element).cursor !== "pointer" || element.closest("[role=option], .calendar")) continue;
    const way = element.closest("a[href], button, input, select, summary, label, .ts-wrapper, tr:has(a[href])");
    if (!way) say("only for the mouse", element);
  }
  places.slice(1).forEach((place, nth) => {
    const before = places[nth];
    if (stays(stops[nth + 1]) || stays(stops[nth])) return;
    const sameColumn = place.left < before.right && before.left < place.right;
    if (sameColumn && place.bottom <= before.top) say("above the stop before it", stops[nth + 1]);
  });
  for (const stop of standing) {
    stop.focus();
    if (document.activeElement !== stop) { say("does not keep the focus", stop); continue; }
    if (look(stop) === looks.get(stop)) say("the focus is not seen on", stop);
    const box = stop.getClientRects()[0];
    const top = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    if (middle[1] < Math.max(top, 0) || middle[1] > innerHeight) { say("out of sight when focused", stop); continue; }
    const drawn = document.elementFromPoint(...middle);
    const whole = ".ts-wrapper, label, .with-calendar";
    const own = drawn && (stop.contains(drawn) || drawn.contains(stop) || drawn.closest(whole)?.contains(stop));
    if (!own) say(`covered by ${drawn?.outerHTML.slice(0, 60)}`, stop);
  }
  return found;
}"""
