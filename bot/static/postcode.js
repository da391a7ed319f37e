// Fills the town in from the postal code.  Without it the page works as well: the server does the same.
const inputs = document.querySelectorAll('input[autocomplete~="postal-code"]');

async function look(input) {
  const code = input.value.normalize("NFKC").replace(/\D/g, "");
  const area = document.getElementById(input.name.replace(/postcode$/, "area"));
  if (code.length !== 7 || !area) return;
  const answer = await fetch(`/page/postcode?code=${code}`, { credentials: "same-origin" }).catch(() => null);
  const towns = answer && answer.ok ? await answer.json() : [];
  const untouched = area.value === "" || area.value === area.dataset.filled;
  if (towns.length === 1 && untouched) {
    area.value = towns[0];
    area.dataset.filled = towns[0];
  }
}

for (const input of inputs) input.addEventListener("change", () => look(input));
const summary = document.querySelector(".faults");
if (summary) summary.focus();
