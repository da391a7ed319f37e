// A second press while the first is under way sends nothing.  Without this the server takes only one, too.
const PATIENCE = 10_000;

for (const form of document.querySelectorAll("form")) {
  let sent = 0;
  const button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < PATIENCE) return event.preventDefault();
    sent = Date.now();
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => button.removeAttribute("aria-disabled"), PATIENCE);
  });
  // Back from the next page: the browser shows this one as it was left.
  addEventListener("pageshow", () => { sent = 0; button.removeAttribute("aria-disabled"); });
}
