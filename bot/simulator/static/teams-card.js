// Adaptive cards, drawn by Microsoft's own renderer with the looks of Teams.

import { h, safe, toast } from "./dom.js";
import { look } from "./teams-host.js";
import { asMarkup } from "./teams-markdown.js";

const Cards = globalThis.AdaptiveCards;
const TEAMS = "1.5"; // the newest version that Teams shows

Cards.AdaptiveCard.onProcessMarkdown = asMarkup;
Cards.Strings.defaults.choiceSetPlaceholder = () => "選んでください";
Cards.Strings.errors.validationFailed = () => "入力を確かめてください。";

/** Return `content` as an element; `doing` has `execute(action)` and `submit(value)`, and whether it is `dark`. */
export function drawCard(content, doing) {
  const card = new Cards.AdaptiveCard();
  card.hostConfig = new Cards.HostConfig(look(doing.dark));
  card.onInlineCardExpanded = (action, open) => open && requestAnimationFrame(() => action.card?.renderedElement?.scrollIntoView({ block: "nearest" }));
  card.onExecuteAction = (action) => perform(action, doing);
  try {
    card.parse(content, new Cards.SerializationContext(Cards.Version.parse(TEAMS)));
    return finished(card.render(), content);
  } catch (fault) {
    console.error(fault);
    return h("p", { class: "t-card__broken", text: content.fallbackText ?? "このカードは表示できません。" });
  }
}

function finished(drawn, content) {
  drawn.classList.toggle("t-card--full", content.msteams?.width === "Full");
  // The renderer gives every card the same label; the frame around it has one already.
  drawn.removeAttribute("aria-label");
  for (const picture of drawn.querySelectorAll("img:not([alt])")) picture.alt = "";
  for (const kind of ["click", "keydown"]) drawn.addEventListener(kind, () => setTimeout(() => tidy(drawn)), true);
  return drawn;
}

/** What is unfolded is told by the renderer to be expanded, which only what unfolds it can be. */
function tidy(drawn) {
  for (const part of drawn.querySelectorAll("[aria-expanded]:not(button, [role])")) part.removeAttribute("aria-expanded");
}

function perform(action, doing) {
  const kind = action.getJsonTypeName();
  if (kind === "Action.Execute") return doing.execute({ id: action.id ?? null, verb: action.verb ?? null, data: action.data ?? {} });
  if (kind === "Action.Submit") return doing.submit(action.data ?? {});
  if (kind === "Action.OpenUrl") return open(action.url);
  return toast(`この種類のボタンはシミュレーターにありません：${kind}`);
}

function open(address) {
  if (!safe(address)) return toast("このボタンの行き先は開けません。");
  return window.open(safe(address), "_blank", "noopener,noreferrer");
}
