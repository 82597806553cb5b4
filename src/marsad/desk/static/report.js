// The report page: spans of claims shown over the text without touching it (CSS Custom Highlight API), linked both ways.
import { rangesOf, toPoints } from "./offsets.js";

const text = document.getElementById("text");
const paragraphs = text ? [...text.querySelectorAll("p[data-start]")] : [];
const cards = [...document.querySelectorAll(".claim-side [data-claim]")];
const roles = ["trigger", "victims", "perpetrators", "means", "places", "time", "attribution", "hedges"];
const able = typeof Highlight === "function" && CSS.highlights !== undefined;

const span = (element) => [Number(element.dataset.start), Number(element.dataset.end)];

function spansOf(card) {
  const found = [{ role: "trigger", span: span(card) }];
  for (const value of card.querySelectorAll(".value[data-start]")) {
    const role = value.dataset.role === "denied_by" ? "attribution" : value.dataset.role;
    if (roles.includes(role)) found.push({ role, span: span(value) });
  }
  return found;
}

function paint(name, spans, priority) {
  if (!able) return;
  const highlight = new Highlight(...spans.flatMap(([start, end]) => rangesOf(paragraphs, start, end)));
  highlight.priority = priority;
  CSS.highlights.set(name, highlight);
}

function show(card) {
  const chosen = card ? spansOf(card) : [];
  for (const [i, role] of roles.entries()) paint(role, chosen.filter((s) => s.role === role).map((s) => s.span), i + 1);
  paint("others", cards.filter((c) => c !== card).map(span), 0);
  paint("pointed", [], 20);
}

function bring(start, end) {
  const [first] = rangesOf(paragraphs, start, end);
  if (!first) return;
  const box = first.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight - 80) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: box.top - innerHeight / 3, behavior: calm ? "auto" : "smooth" });
  }
  if (!able) {
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(first);
  }
}

function pointAt(event) {
  const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const old = at ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const [node, unit] = at ? [at.offsetNode, at.offset] : old ? [old.startContainer, old.startOffset] : [null, 0];
  const paragraph = node?.parentElement?.closest("p[data-start]");
  return paragraph && node === paragraph.firstChild ? Number(paragraph.dataset.start) + toPoints(node.data, unit) : null;
}

if (text && cards.length) {
  document.addEventListener("marsad:chosen", (event) => {
    const card = event.detail;
    if (!cards.includes(card)) return;
    show(card);
    if (innerWidth >= 1024) bring(...span(card));
  });
  text.addEventListener("click", (event) => {
    const point = pointAt(event);
    if (point === null || String(getSelection()).length) return;
    const inside = (card, [start, end]) => start <= point && point < end;
    const hit = cards.find((c) => spansOf(c).some((s) => inside(c, s.span)))
      ?? cards.find((c) => inside(c, [Number(c.dataset.sentenceStart), Number(c.dataset.sentenceEnd)]));
    if (hit) document.dispatchEvent(new CustomEvent("marsad:choose", { detail: hit }));
  });
  for (const value of document.querySelectorAll(".claim-side .value[data-start]")) {
    value.addEventListener("pointerenter", () => paint("pointed", [span(value)], 20));
    value.addEventListener("pointerleave", () => paint("pointed", [], 20));
    value.addEventListener("click", () => bring(...span(value)));
  }
  show(null);
}
