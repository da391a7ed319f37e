// Fills the town in from the postal code.  Without it the page works as well: the server does the same.
const form = document.querySelector("form[data-choose]");

function say(group, text, towns, choose) {
  group.querySelector(".towns")?.remove();
  const box = document.createElement("div");
  box.className = "towns";
  box.setAttribute("role", "status");
  group.querySelector("[data-part=postcode]").after(box);
  // Put in afterwards: only a change of a status that is there already is read out.
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line, ...towns.map((town) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = town;
    button.addEventListener("click", () => choose(town));
    return button;
  }));
}

async function look(group, code, area) {
  const answer = await fetch(`${form.dataset.postcode ?? "/page/postcode"}?code=${code}`, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const towns = await answer.json();
  const take = (town) => {
    area.value = town;
    area.dataset.filled = town;
    say(group, form.dataset.filled, [], take);
    group.querySelector("[data-part=rest]")?.focus();
  };
  const untouched = area.value === "" || area.value === area.dataset.filled;
  if (towns.length === 0) return say(group, form.dataset.unknown, [], take);
  if (towns.includes(area.value) || !untouched) return group.querySelector(".towns")?.remove();
  if (towns.length > 1) return say(group, form.dataset.choose, towns, take);
  area.value = towns[0];
  area.dataset.filled = towns[0];
  say(group, form.dataset.filled, [], take);
}

for (const group of document.querySelectorAll("fieldset.group")) {
  const postcode = group.querySelector("[data-part=postcode]");
  const area = group.querySelector("[data-part=area]");
  if (!postcode || !area) continue;
  let looked = postcode.value.normalize("NFKC").replace(/\D/g, "");
  postcode.addEventListener("input", () => {
    const code = postcode.value.normalize("NFKC").replace(/\D/g, "");
    if (code.length !== 7 || code === looked) return;
    looked = code;
    look(group, code, area);
  });
}

// Browsers that know autofocus on inputs only leave the summary of faults to us.
// In a frame's callback, since autofocus itself is looked after just before it.
addEventListener("load", () => requestAnimationFrame(() => {
  if (document.activeElement === document.body) document.querySelector(".faults")?.focus();
}));
