// The simulator's own addresses.

import { toast } from "./dom.js";

const ROOT = new URL("../", import.meta.url).pathname;

export const picture = (message) => `${ROOT}content/${encodeURIComponent(message)}`;
export const sample = (name) => `${ROOT}sample/${name}.jpg`;
export const teamsPicture = (attachment) => `${ROOT}content/teams/${encodeURIComponent(attachment)}`;
export const menuPicture = (menu) => `${ROOT}menu/${encodeURIComponent(menu)}`;
export const desk = new URL("desk.svg", import.meta.url).pathname;
export const sticker = new URL("sticker.svg", import.meta.url).pathname;

/** Ask for `command`; return whether it was done. What went wrong is said on the screen. */
export async function run(command, body = {}) {
  return post(`${ROOT}do/${command}`, JSON.stringify(body), "application/json");
}

/** Ask Teams's side for `command`; return what it answered, or null where it was not done. */
export async function runTeams(command, body = {}) {
  return ask(`${ROOT}do/teams/${command}`, JSON.stringify(body), "application/json");
}

/** Send a chosen file as that member: as a picture in the message where it was `pasted`. */
export async function uploadTeams(member, file, pasted) {
  const name = encodeURIComponent(file.name || "file");
  const address = `${ROOT}photo/teams/${member}?name=${name}${pasted ? "&pasted=1" : ""}`;
  return ask(address, file, file.type || "application/octet-stream");
}

/** Send a chosen file as that resident. */
export async function upload(user, file) {
  const name = encodeURIComponent(file.name || "file");
  return post(`${ROOT}photo/${user}?name=${name}`, file, file.type || "application/octet-stream");
}

async function post(address, body, type) {
  return (await ask(address, body, type)) !== null;
}

async function ask(address, body, type) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": type }, body });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) {
      wake();
      return said;
    }
    toast(said.message || `できませんでした（${answer.status}）。`);
  } catch {
    toast("シミュレーターにつながりません。プログラムが動いているか確かめてください。");
  }
  return null;
}

let waiting = null;

function wake() {
  if (waiting) waiting();
}

const pause = (ms) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    waiting = () => {
      clearTimeout(timer);
      done();
    };
  });

/** Tell `hear` what is new, for as long as the page lives. */
export async function watch(hear) {
  let since = -1;
  let teams = -1;
  let boot = null;
  for (;;) {
    let delay = 600;
    try {
      const news = await (await fetch(`${ROOT}state?since=${since}&teams=${teams}`)).json();
      const restarted = boot !== null && news.boot !== boot;
      boot = news.boot;
      since = restarted ? -1 : news.revision;
      teams = restarted ? -1 : (news.teams?.revision ?? -1);
      if (restarted) delay = 0;
      else hear(news);
      document.body.classList.remove("offline");
    } catch (fault) {
      console.error(fault);
      document.body.classList.add("offline");
      delay = 2000;
    }
    await pause(document.hidden ? 2000 : delay);
  }
}
