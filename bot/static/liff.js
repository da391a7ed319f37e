// Opens the private page inside LINE: LINE's own ID token goes to the server, which asks LINE whose it is.
const state = document.getElementById("state");

// LINE opens the page with what it was called with inside liff.state, until the SDK has put it back.
function token() {
  const search = new URLSearchParams(location.search);
  return search.get("t") ?? new URLSearchParams(search.get("liff.state") ?? "").get("t") ?? "";
}

async function open() {
  await window.liff.init({ liffId: state.dataset.liff, withLoginOnExternalBrowser: true });
  const sent = new URLSearchParams({ token: token(), id_token: window.liff.getIDToken() ?? "" });
  const answer = await fetch("/f/liff", { method: "POST", body: sent, credentials: "same-origin" });
  const said = await answer.json();
  if (!said.ok) throw new Error("refused");
  location.replace(said.next);
}

window.addEventListener("load", () => open().catch(() => {
  state.textContent = state.dataset.failed;
  state.classList.add("failed");
}));
