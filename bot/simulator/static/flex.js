// The part of LINE's Flex Message that the desk draws with, as elements.

import { h, pictured } from "./dom.js";

const TEXT = { xxs: 10, xs: 11.5, sm: 12.5, md: 14, lg: 16.5, xl: 19, xxl: 25, "3xl": 30, "4xl": 41, "5xl": 63 };
const SPACE = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const BORDER = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const IMAGE = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const AXIS = { start: "flex-start", end: "flex-end", center: "center", top: "flex-start", bottom: "flex-end" };
const COLOUR = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i;
const LENGTH = /^\d+(\.\d+)?(px|%)$/;

const length = (scale, value) => {
  if (value in scale) return `${scale[value]}px`;
  return LENGTH.test(value ?? "") ? value : null;
};
const space = (value) => length(SPACE, value);
const colour = (value) => (COLOUR.test(value ?? "") ? value : null);

/** Return the element of a bubble or a carousel. `tap(action)` is told what was tapped. */
export function drawFlex(container, tap) {
  if (container?.type !== "carousel") return bubble(container ?? {}, tap);
  const bubbles = (container.contents ?? []).map((each) => bubble(each, tap));
  return h("div", { class: "carousel", tabindex: 0, role: "group", "aria-label": "横に並んだカード" }, bubbles);
}

function bubble(value, tap) {
  const blocks = ["header", "hero", "body", "footer"].filter((name) => value[name]);
  const drawn = blocks.map((name) => block(name, value[name], value.styles?.[name] ?? {}, tap));
  const made = h("div", { class: `bubble bubble--${value.size ?? "mega"}`, dir: value.direction }, drawn);
  return tappable(made, value.action, tap);
}

function block(name, content, style, tap) {
  const css = { "background-color": colour(style.backgroundColor), "border-color": colour(style.separatorColor) };
  const kind = `bubble__block bubble__${name}${style.separator ? " bubble__block--ruled" : ""}`;
  return h("div", { class: kind, style: css }, draw(content, "vertical", tap));
}

const DRAW = { box, text, button, image, icon: image, separator, spacer, filler };

function draw(piece, layout, tap) {
  const made = (DRAW[piece?.type] ?? unknown)(piece, tap, layout);
  place(made, piece ?? {}, layout);
  return made;
}

function unknown(piece) {
  return h("div", { class: "fx-unknown", text: `（${piece?.type ?? "?"}）` });
}

/** Give a piece its share of the box around it, and its distance to the one before. */
function place(made, piece, layout) {
  const share = piece.flex ?? (layout === "vertical" ? 0 : 1);
  const grows = Number(share) > 0;
  made.style.flex = grows ? `${share} 1 0` : "0 0 auto";
  if (layout === "vertical" && grows) made.style.flex = `${share} 0 auto`;
  if (layout !== "vertical") made.style.minWidth = "0";
  const margin = space(piece.margin);
  if (margin) made.style.setProperty(layout === "vertical" ? "margin-top" : "margin-left", margin);
  if (piece.position === "absolute") made.style.position = "absolute";
  for (const [side, css] of [["Top", "top"], ["Bottom", "bottom"], ["Start", "left"], ["End", "right"]]) {
    const offset = space(piece[`offset${side}`]);
    if (offset) made.style.setProperty(css, offset);
  }
}

function box(piece, tap) {
  const layout = piece.layout ?? "vertical";
  const made = h("div", { class: `fx-box fx-box--${layout}`, style: boxStyle(piece) });
  (piece.contents ?? []).forEach((each, number) => {
    const child = draw(each, layout, tap);
    const gap = number && each.margin === undefined ? space(piece.spacing) : null;
    if (gap) child.style.setProperty(layout === "vertical" ? "margin-top" : "margin-left", gap);
    made.append(child);
  });
  return tappable(made, piece.action, tap);
}

function boxStyle(piece) {
  const gradient = piece.background;
  const from = colour(gradient?.startColor);
  const to = colour(gradient?.endColor);
  const angle = /^\d+(\.\d+)?deg$/.test(gradient?.angle ?? "") ? gradient.angle : null;
  return {
    "background-color": colour(piece.backgroundColor),
    "background-image": from && to && angle ? `linear-gradient(${angle}, ${from}, ${to})` : null,
    "border-radius": space(piece.cornerRadius),
    "border-width": length(BORDER, piece.borderWidth) ?? (piece.borderColor ? "1px" : null),
    "border-style": piece.borderWidth || piece.borderColor ? "solid" : null,
    "border-color": colour(piece.borderColor),
    width: length({}, piece.width), height: length({}, piece.height),
    "max-width": length({}, piece.maxWidth), "max-height": length({}, piece.maxHeight),
    padding: space(piece.paddingAll),
    "padding-top": space(piece.paddingTop), "padding-bottom": space(piece.paddingBottom),
    "padding-left": space(piece.paddingStart), "padding-right": space(piece.paddingEnd),
    "justify-content": piece.justifyContent, "align-items": piece.alignItems,
  };
}

function textStyle(piece) {
  const decoration = piece.decoration === "none" ? null : piece.decoration;
  return {
    "font-size": length(TEXT, piece.size), color: colour(piece.color),
    "font-weight": piece.weight === "bold" ? "700" : null, "font-style": piece.style === "italic" ? "italic" : null,
    "text-align": piece.align, "text-decoration": decoration, "align-self": piece.gravity ? AXIS[piece.gravity] : null,
    "-webkit-line-clamp": piece.maxLines > 0 ? String(piece.maxLines) : null,
  };
}

function text(piece, tap) {
  const kind = `fx-text${piece.wrap ? " fx-text--wrap" : ""}${piece.maxLines > 0 ? " fx-text--clamped" : ""}`;
  const made = h("div", { class: kind, style: { "font-size": "14px", ...clean(textStyle(piece)) } });
  const spans = piece.contents ?? [];
  if (spans.length) made.append(...spans.map((span) => h("span", { text: span.text, style: textStyle(span) })));
  else made.textContent = piece.text ?? "";
  return tappable(made, piece.action, tap);
}

const clean = (style) => Object.fromEntries(Object.entries(style).filter(([, value]) => value));

function button(piece, tap) {
  const style = piece.style ?? "link";
  const tint = colour(piece.color);
  const css = style === "link" ? { color: tint } : { "background-color": tint };
  const kind = `fx-button fx-button--${style} fx-button--${piece.height ?? "md"}`;
  const label = piece.action?.label ?? "";
  return h("button", { type: "button", class: kind, style: css, text: label, onclick: () => tap(piece.action) });
}

function image(piece, tap) {
  const address = pictured(piece.url);
  const width = piece.size === "full" ? "100%" : length(IMAGE, piece.size ?? "md");
  const ratio = /^\d+(\.\d+)?:\d+(\.\d+)?$/.test(piece.aspectRatio ?? "") ? piece.aspectRatio.replace(":", " / ") : "1 / 1";
  const fit = piece.aspectMode === "cover" ? "cover" : "contain";
  const made = h("img", {
    class: `fx-image fx-image--${piece.type}`, alt: "", src: address, loading: "lazy",
    style: { width: piece.type === "icon" ? length(TEXT, piece.size ?? "md") : width, "aspect-ratio": ratio, "object-fit": fit },
  });
  return tappable(made, piece.action, tap);
}

function separator(piece, _tap, layout) {
  const kind = layout === "vertical" ? "fx-line" : "fx-line fx-line--upright";
  return h("div", { class: kind, role: "presentation", style: { "background-color": colour(piece.color) } });
}

function spacer(piece) {
  const size = space(piece.size ?? "md");
  return h("div", { style: { height: size, width: size } });
}

function filler() {
  return h("div", { style: { "flex-grow": "1" } });
}

/** Make a piece a button where it has an action: also for the keyboard and for screen readers. */
function tappable(made, action, tap) {
  if (!action) return made;
  made.classList.add("fx-tappable");
  made.tabIndex = 0;
  made.setAttribute("role", "button");
  if (action.label) made.setAttribute("aria-label", action.label);
  const go = (event) => {
    event.stopPropagation();
    tap(action);
  };
  made.addEventListener("click", go);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go(event);
  });
  return made;
}
