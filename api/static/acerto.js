// The keyboard, picking rows, confirmations. Every page works without it.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let waitsForPlace = false;

  const isTyping = (target) =>
    target.isContentEditable || target.matches("select, textarea, input:not([type=checkbox], [type=radio])");
  const row = () => document.activeElement?.closest("[data-row]");

  const step = (by) => {
    const rows = all("[data-row]");
    const next = rows[Math.min(Math.max(rows.indexOf(row()) + by, 0), rows.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const open = (dialog) => dialog && !dialog.open && dialog.showModal();

  const keys = {
    "/": () => one("#search, .filters input[type=search]")?.focus(),
    "?": () => open(one("#keys")),
    g: () => { waitsForPlace = true; setTimeout(() => { waitsForPlace = false; }, 1500); },
    j: () => step(1),
    k: () => step(-1),
    x: () => one("input[name=ids]", row() ?? document.createElement("i"))?.click(),
  };

  // A button with data-key="c" answers to c: that of the row in focus first, else the page's.
  const press = (key) => {
    const named = `[data-key="${CSS.escape(key)}"]`;
    const button = one(named, row() ?? document.createElement("i")) ?? one(`main ${named}`);
    button?.click();
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key === "Escape") {
      all("details.menu[open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); });
      return;
    }
    if (isTyping(event.target)) return;
    if (waitsForPlace) {
      waitsForPlace = false;
      const place = one(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
    } else if (event.key === "Enter" && event.target.matches("[data-row][data-href]")) {
      location.href = event.target.dataset.href;
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.key.length === 1 && press(event.key)) {
      event.preventDefault();
    }
  });

  // Picking rows: the bar says how many, its buttons wait for one.
  const tell = (list) => {
    const picked = all("input[name=ids]:checked", list).length;
    const whole = one("input[name=filtro]", list)?.checked;
    const bar = one("[data-picked]", list);
    if (!bar) return;
    all("button", bar).forEach((button) => { button.disabled = !picked && !whole; });
    all("summary", bar).forEach((menu) => { menu.ariaDisabled = String(!picked && !whole); });
    const count = one("[data-count]", bar);
    if (!count) return;
    count.dataset.none ??= count.textContent;
    count.textContent = picked ? `${picked} ✓` : count.dataset.none;
  };
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-list]");
    if (!list) return;
    if (event.target.matches("[data-pick-all]"))
      all("input[name=ids]", list).forEach((box) => { box.checked = event.target.checked; });
    tell(list);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("summary[aria-disabled=true]")) event.preventDefault();
  });
  const prepare = () => all("[data-list]").forEach(tell);
  document.addEventListener("htmx:after:swap", prepare);
  prepare();

  // Where tabs or stages do not fit side by side, the current one is in sight.
  const showCurrent = () => all(".nav-tabs, .stage-strip").forEach((line) => {
    const current = one("[aria-current]", line);
    if (current) line.scrollLeft = current.offsetLeft - line.offsetLeft - (line.clientWidth - current.clientWidth) / 2;
  });
  document.addEventListener("htmx:after:swap", showCurrent);
  showCurrent();

  // A list ends where the window does, so that the page itself does not scroll beside it; one that
  // begins far down keeps what the style sheet gives it.
  const fitLists = () => all(".list-scroll").forEach((list) => {
    const above = list.getBoundingClientRect().top + scrollY;
    const card = list.closest(".list");
    const below = card ? card.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom : 0;
    list.style.removeProperty("max-height");
    if (getComputedStyle(list).maxHeight === "none" || above > innerHeight * 0.6) return;
    list.style.maxHeight = `max(14rem, calc(100vh - ${Math.ceil(above + below)}px - 2.25rem))`;
  });
  document.addEventListener("htmx:after:swap", fitLists);
  addEventListener("resize", fitLists);
  fitLists();

  // data-open="id" opens a dialog; data-confirm="sentence" asks before a form is sent.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(document.getElementById(opener.dataset.open));
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("submit", (event) => {
    const asked = event.submitter?.closest("[data-confirm]") ?? event.target.closest("[data-confirm]");
    if (!asked || asked.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = one("#confirm");
    one("#confirm-text").textContent = asked.dataset.confirm;
    dialog.returnValue = "no";
    dialog.onclose = () => {
      event.submitter?.focus();
      if (dialog.returnValue !== "yes") return;
      asked.dataset.confirmed = "yes";
      event.target.requestSubmit(event.submitter);
      delete asked.dataset.confirmed;
    };
    dialog.showModal();
  }, true);

  // The column chooser sends its ticks as one value.
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-columns]")) return;
    event.formData.set("colunas", event.formData.getAll("colunas").join(","));
  });

  // What was refused has the focus of a new page, else what it names: a button, or a first field.
  const fields = ":is(input, select, textarea):not([type=hidden])";
  const named = one("[data-focus]");
  const begin = one("main form [aria-invalid=true]") ?? (named?.matches("button, [tabindex]") ? named : named && one(fields, named));
  begin?.focus();

  // A form with data-unsaved asks before what was typed is lost.
  let unsaved = false;
  document.addEventListener("input", (event) => { unsaved ||= Boolean(event.target.closest("[data-unsaved]")); });
  document.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
