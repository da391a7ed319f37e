// Elements without markup: what people and the desk write only ever becomes text.

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("icons.svg", import.meta.url).pathname;

/** Return an element. `on…` names a listener, `text` its text, `style` CSS properties; null leaves out. */
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(made, name, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function set(made, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
  else if (name === "text") made.textContent = value;
  else if (name === "class") made.className = value;
  else if (name === "style") Object.entries(value).forEach(([key, css]) => css && made.style.setProperty(key, css));
  else if (name in made && name !== "list" && !name.startsWith("aria")) made[name] = value;
  else made.setAttribute(name, value === true ? "" : value);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", `icon icon--${name}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

const NONSENSE = /^[a-z][a-z0-9+.-]*:/i;

/** Return an address that a browser may open, or null: the desk's buttons lead to the web and telephones. */
export function safe(address) {
  const text = String(address ?? "");
  return NONSENSE.test(text) && /^(https?|tel|line):/i.test(text) ? text : null;
}

/** Return where a picture is really asked for: the desk's own stand on this page's server, which has no https. */
export function pictured(address) {
  const text = safe(address);
  const where = text && URL.canParse(text) ? new URL(text) : null;
  return where?.host === location.host ? where.pathname + where.search : text;
}

let hiding;

/** Say something to the person at the screen. */
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  place.classList.add("toast--shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => place.classList.remove("toast--shown"), 5000);
}
