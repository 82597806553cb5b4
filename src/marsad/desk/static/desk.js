// Keys, verdicts without a reload, the help sheet and the switches of uncovered media. Every page works without it.
const find = document.querySelector("[data-find]");
const sheet = document.getElementById("keys");
const toast = document.getElementById("toast");
const cards = [...document.querySelectorAll("[data-cards] [data-claim]")];
const rows = [...document.querySelectorAll("[data-rows] .row")];
const words = document.body.dataset;
let chosen = null;
// The verdicts of this page that can be taken back, the newest last; and what of a claim is still being sent.
const made = [];
const underWay = new Map();

// On a narrow screen the labels of what was found stand above it, and open when asked for.
if (matchMedia("(max-width: 59.9rem)").matches) {
  for (const label of document.querySelectorAll(".facets details:not(:has([aria-current]))")) label.open = false;
}

function choose(element, { focus = true } = {}) {
  if (!element) return;
  chosen?.classList.remove("chosen");
  chosen = element;
  chosen.classList.add("chosen");
  chosen.closest("details:not([open])")?.setAttribute("open", "");
  if (focus) {
    const target = chosen.matches("[tabindex]") ? chosen : chosen.querySelector("a");
    target?.focus({ preventScroll: true });
    chosen.scrollIntoView({ block: "nearest" });
  }
  document.dispatchEvent(new CustomEvent("marsad:chosen", { detail: chosen }));
}

function move(step) {
  const list = cards.length ? cards : rows;
  if (!list.length) return;
  const at = chosen ? list.indexOf(chosen) + step : step > 0 ? 0 : list.length - 1;
  choose(list[Math.min(list.length - 1, Math.max(0, at))]);
}

function say(message, undo) {
  toast.replaceChildren(document.createTextNode(message));
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.undo;
    button.addEventListener("click", takeBack);
    toast.append(button);
  }
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 6000);
}

async function post(fields) {
  const asked = { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields), keepalive: true };
  const answer = await fetch("/judge", asked).catch(() => { throw new Error(words.unreached); });
  const body = await answer.json().catch(() => ({ detail: answer.statusText }));
  if (!answer.ok) throw new Error(body.detail);
  return body.judgements[0];
}

function mark(card, decision) {
  card.querySelector(".refused")?.remove();
  card.dataset.verdict = decision ?? "";
  const chip = card.querySelector(".card-head .chip");
  const button = decision && card.querySelector(`.verdicts [value="${decision}"]`);
  if (chip) {
    chip.className = `chip chip-${decision ?? "new"}`;
    chip.replaceChildren(...(button ? [button.querySelector("svg").cloneNode(true)] : []), words[decision ?? "new"]);
  }
  for (const b of card.querySelectorAll(".verdicts [name=decision]")) b.setAttribute("aria-pressed", String(b.value === decision));
}

// A verdict is marked at once and sent behind: the next key is for the next claim, however slow the answer.
async function judge(card, decision, { advance = false } = {}) {
  if (!card?.querySelector("[data-judge]")) return;
  const newest = made.at(-1);
  if (newest?.card === card && newest.decision === decision && card.dataset.verdict === decision) return;
  const held = card.querySelector("[data-judge] [name=held]") ? { held: "1" } : {};
  const verdict = { card, decision, before: card.dataset.verdict || null };
  made.push(verdict);
  mark(card, decision);
  verdict.kept = send(card, () => ({ target: card.dataset.claim, decision, ...held }));
  if (advance && cards.includes(card)) move(1);
  try {
    await verdict.kept;
    say(words[decision], true);
  } catch (error) {
    verdict.refused = true;
    if (made.includes(verdict)) made.splice(made.indexOf(verdict), 1);
    refuse(card, verdict.before, error.message);
  }
}

async function takeBack() {
  const verdict = made.pop();
  if (!verdict) return;
  const { card, before, decision } = verdict;
  mark(card, before);
  choose(card);
  try {
    await send(card, async () => ({ target: card.dataset.claim, decision: "undo", undoes: String((await verdict.kept).seq) }));
    say(words.undone, false);
  } catch (error) {
    if (!verdict.refused) refuse(card, decision, error.message);
  }
}

// What is sent of one claim goes in the order in which it was decided.
function send(card, fields) {
  const sent = (underWay.get(card) ?? Promise.resolve()).catch(() => {}).then(fields).then(post);
  underWay.set(card, sent);
  const done = () => { if (underWay.get(card) === sent) underWay.delete(card); };
  sent.then(done, done);
  return sent;
}

// Who goes on is not led back; the claim itself says that its verdict was not kept.
function refuse(card, decision, message) {
  mark(card, decision);
  const told = document.createElement("p");
  told.className = "refused";
  told.textContent = message;
  card.querySelector(".card-head")?.after(told);
  say(message, false);
}

async function leave(go) {
  await Promise.allSettled([...underWay.values()]);
  go();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => judge(chosen, "accept", { advance: true }),
  r: () => judge(chosen, "reject", { advance: true }),
  u: () => judge(chosen, "unsure", { advance: true }),
  e: () => chosen?.querySelector("[data-correct]")?.click(),
  c: () => { if (chosen?.dataset.incident) leave(() => location.assign(`/incidents/${encodeURIComponent(chosen.dataset.incident)}`)); },
  z: takeBack,
  n: () => { if (document.querySelector("[data-advance]")) leave(() => location.reload()); },
  "/": () => { if (find) { find.closest("[data-menu]")?.previousElementSibling?.setAttribute("open", ""); find.focus(); find.select(); } },
  "?": () => sheet?.showModal(),
};

function typing(target) {
  return target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])");
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    keys["/"]();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && chosen?.dataset.href && !event.target.closest("a, button, summary")) location.assign(chosen.dataset.href);
  // Under an Arabic layout the same keys give other letters, so the key's place decides.
  const key = event.key.length === 1 && /^Key[A-Z]$/.test(event.code) && !/[a-z]/i.test(event.key) ? event.code[3].toLowerCase() : event.key;
  if (keys[key]) {
    event.preventDefault();
    // A key held down goes through a list; it decides no more than once.
    if (!event.repeat || key === "j" || key === "k") keys[key]();
  }
});

document.addEventListener("marsad:choose", (event) => choose(event.detail));
for (const card of cards) {
  card.addEventListener("click", (event) => {
    if (event.target.closest("a, button, summary")) return;
    choose(card, { focus: false });
  });
  card.addEventListener("focusin", () => { if (chosen !== card) choose(card, { focus: false }); });
}
for (const form of document.querySelectorAll("[data-judge]")) {
  form.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    judge(form.closest("[data-claim]"), event.submitter.value);
  });
}
for (const button of document.querySelectorAll("[data-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.open)?.showModal());
}
for (const button of document.querySelectorAll("[data-tick-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...button.closest("[data-ticks]").querySelectorAll("input[type=checkbox]")];
    const on = boxes.some((b) => !b.checked);
    for (const box of boxes) box.checked = on;
  });
}
for (const switches of document.querySelectorAll("[data-switches]")) {
  const media = document.querySelector("[data-media]");
  switches.hidden = false;
  switches.addEventListener("click", (event) => {
    const button = event.target.closest("[data-switch]");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    if (button.dataset.switch === "mute") media.querySelector("video, audio").muted = on;
    else media.classList.toggle(button.dataset.switch, on);
  });
}
const aimed = location.hash.startsWith("#claim-") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (aimed) choose(aimed);
else if (cards.length && document.querySelector("[data-advance], .claim-side")) choose(cards[0], { focus: false });
