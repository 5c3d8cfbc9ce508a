// The inbox's own keys: c, d, e, s and v act on the row in focus when none is picked; menus open on their first field.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);

  // Before acerto.js hears the key: the row in focus becomes the selection.
  document.addEventListener("keydown", (event) => {
    if (!["c", "d", "e", "s", "v"].includes(event.key)) return;
    const row = document.activeElement?.closest("[data-row]");
    const box = row && one("input[name=ids]", row);
    if (box && !one("input[name=ids]:checked")) box.click();
  }, true);

  // Enter in a field of a menu means that menu's button, not the first one of the list.
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu-left .menu-body");
    if (event.key !== "Enter" || !menu || event.target.matches("textarea, button")) return;
    event.preventDefault();
    one("button", menu)?.click();
  });

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("details.menu-left[open], details.action[open]")) return;
    one(".menu-body select, .menu-body textarea, .menu-body input, form select, form textarea, form input:not([type=hidden])", event.target)?.focus();
  }, true);
})();
