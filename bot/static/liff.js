// Opens the private page inside LINE: LINE's own ID token goes to the server, which asks LINE whose it is.
const state = document.getElementById("state");

async function open() {
  const token = new URLSearchParams(location.search).get("t") ?? "";
  await window.liff.init({ liffId: state.dataset.liff, withLoginOnExternalBrowser: true });
  const sent = new URLSearchParams({ token, id_token: window.liff.getIDToken() ?? "" });
  const answer = await fetch("/f/liff", { method: "POST", body: sent, credentials: "same-origin" });
  const said = await answer.json();
  if (!said.ok) throw new Error("refused");
  location.replace(said.next);
}

window.addEventListener("load", () => open().catch(() => { state.textContent = state.dataset.failed; }));
