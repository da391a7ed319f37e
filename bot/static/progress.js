// Keeps the bar of a long export moving.  Without this, the link below the bar shows how far it is.
const PAUSE = 1_500;

const job = document.querySelector("[data-job]");
const bar = job.querySelector("progress");
const told = job.querySelector("#told");
document.querySelector("#again").hidden = true;

async function look() {
  try {
    const answer = await fetch(job.dataset.state, { headers: { Accept: "application/json" } });
    // Done, removed, or signed out: the page says which.
    if (!answer.ok || answer.redirected) return location.reload();
    const now = await answer.json();
    if (now.state !== job.dataset.job) return location.reload();
    if (now.total) Object.assign(bar, { max: now.total, value: now.rows });
    told.textContent = now.told;
  } catch {
    // Nothing arrived: the network is away for a moment.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
