// Questions that hang on another come and go as it is answered, photos say that they are under way, receipts print.
// Without it the server does the same: such a question comes after the page was sent.
function given(form, key) {
  const boxes = [...form.elements].filter((each) => each.name === key && each.checked && !each.matches(":disabled"));
  return boxes.map((each) => each.value);
}

function settle(form) {
  for (const each of form.querySelectorAll("fieldset[data-when]")) {
    const answers = given(form, each.dataset.when);
    const asked = each.dataset.values.split(" ").some((value) => answers.includes(value));
    each.hidden = !asked;
    each.disabled = !asked;
  }
}

for (const form of document.querySelectorAll("form[data-form]")) {
  form.addEventListener("change", () => settle(form));
  addEventListener("pageshow", () => settle(form));
  settle(form);
  form.addEventListener("submit", () => {
    const sends = [...form.querySelectorAll("input[type=file]")].some((each) => each.files.length > 0);
    const told = form.querySelector("[data-sending]");
    if (sends && told) told.textContent = told.dataset.sending;
  });
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
