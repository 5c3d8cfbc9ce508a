// data-copy="id": a button that copies what stands there. Hidden where the browser may not copy.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  const show = () =>
    document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const from = button && document.getElementById(button.dataset.copy);
    if (!from) return;
    await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
    button.querySelector("span").textContent = button.dataset.copied;
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();
