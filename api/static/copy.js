// data-copy="id": a button that copies what stands there. Hidden where the browser cannot copy; where
// it may not, what would have been copied is selected, and the button says so.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  const show = () =>
    document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const from = button && document.getElementById(button.dataset.copy);
    if (!from) return;
    const said = button.querySelector("span");
    try {
      await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
      said.textContent = button.dataset.copied;
    } catch {
      if (from.select) from.select();
      else getSelection().selectAllChildren(from);
      said.textContent = button.dataset.selected;
    }
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();
