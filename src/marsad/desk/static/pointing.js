// Words of the report pointed at, by mouse or by keys, snapped to whole words: then part of a field of the chosen claim.
import { toPoints } from "./offsets.js";

const text = document.getElementById("text");
const picker = document.getElementById("picker");
const paragraphs = text ? [...text.querySelectorAll("p[data-start]")] : [];
const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(text?.lang || undefined, { granularity: "word" }) : null;
let ours = false;
let waits;

/** The words of a paragraph as [start, end) in UTF-16 units. */
function wordsOf(paragraph) {
  const data = paragraph.firstChild?.data ?? "";
  if (segmenter) return [...segmenter.segment(data)].filter((s) => s.isWordLike).map((s) => [s.index, s.index + s.segment.length]);
  return [...data.matchAll(/[^\s]+/gu)].map((m) => [m.index, m.index + m[0].length]);
}

const every = paragraphs.flatMap((paragraph) => wordsOf(paragraph).map(([from, to]) => ({ paragraph, from, to })));
const pointOf = (word, unit) => Number(word.paragraph.dataset.start) + toPoints(word.paragraph.firstChild.data, unit);
const chosen = () => document.querySelector(".claim-side .card.chosen");

function select(a, b) {
  const [first, last] = [every[Math.min(a, b)], every[Math.max(a, b)]];
  ours = true;
  getSelection().setBaseAndExtent(first.paragraph.firstChild, first.from, last.paragraph.firstChild, last.to);
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  if (box.top < 90 || box.bottom > innerHeight - 60) scrollBy({ top: box.top - innerHeight / 3 });
  place();
}

/** Indices of the first and the last word that a range touches; null where it touches none. */
function touched(range) {
  const hit = every.map((word, i) => [i, word]).filter(([, word]) => {
    if (!range.intersectsNode(word.paragraph)) return false;
    const node = word.paragraph.firstChild;
    const before = range.startContainer === node && range.startOffset >= word.to;
    const after = range.endContainer === node && range.endOffset <= word.from;
    return !before && !after && range.comparePoint(node, word.to) >= 0 && range.comparePoint(node, word.from) <= 0;
  });
  return hit.length ? [hit[0][0], hit.at(-1)[0]] : null;
}

function offer(card) {
  const choice = picker.elements.replaces;
  choice.length = 1;
  const counted = {};
  for (const value of card.querySelectorAll(":scope .values > .value-row > dd > ul > .value[data-role]")) {
    const role = value.dataset.role;
    counted[role] = (counted[role] ?? -1) + 1;
    if (!picker.querySelector(`button[value="${role}"]`) || role === "time") continue;
    const words = value.querySelector("q")?.textContent || value.querySelector(".value-text")?.textContent || "";
    choice.add(new Option(`${picker.dataset.instead} «${words.trim().slice(0, 40)}»`, `${role}.${counted[role]}`));
  }
}

function place() {
  const selection = getSelection();
  const card = chosen();
  picker.hidden = true;
  if (!card || selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return;
  const words = touched(range);
  if (!words) return;
  const [first, last] = [every[words[0]], every[words[1]]];
  const fields = picker.elements;
  fields.target.value = card.dataset.claim;
  fields.start.value = pointOf(first, first.from);
  fields.end.value = pointOf(last, last.to);
  fields.next.value = `${location.pathname}#claim-${encodeURIComponent(card.dataset.claim)}`;
  offer(card);
  picker.hidden = false;
  const box = range.getBoundingClientRect();
  picker.style.insetBlockStart = `${Math.max(8, box.top - picker.offsetHeight - 10)}px`;
  picker.style.left = `${Math.min(Math.max(8, box.left), innerWidth - picker.offsetWidth - 8)}px`;
}

/** By keys: `s` takes the first word of the claim; arrows move, with Shift they widen; Enter goes to the fields. */
function byKeys() {
  let anchor = -1, focus = -1;
  const begin = () => {
    const card = chosen();
    if (!card || !every.length) return;
    const at = Number(card.dataset.start);
    anchor = focus = Math.max(0, every.findIndex((w) => pointOf(w, w.to) > at));
    select(anchor, focus);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, dialog")) return;
    const key = /^Key[A-Z]$/.test(event.code) && !/[a-z]/i.test(event.key) ? event.code[3].toLowerCase() : event.key;
    if (key === "s" && !event.shiftKey) {
      event.preventDefault();
      begin();
      return;
    }
    if (picker.hidden || focus < 0 || picker.contains(event.target)) return;
    // Left is onward where the words run from right to left.
    const rtl = getComputedStyle(every[focus].paragraph).direction === "rtl";
    const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
    if (step) {
      event.preventDefault();
      focus = Math.min(every.length - 1, Math.max(0, focus + step));
      if (!event.shiftKey) anchor = focus;
      select(anchor, focus);
    } else if (event.key === "Enter") {
      event.preventDefault();
      picker.querySelector("button").focus();
    } else if (event.key === "Escape") {
      getSelection().removeAllRanges();
      picker.hidden = true;
    }
  });
  picker.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    picker.hidden = true;
    chosen()?.focus({ preventScroll: true });
  });
}

if (text && picker) {
  document.addEventListener("selectionchange", () => {
    if (picker.contains(document.activeElement)) return;
    clearTimeout(waits);
    waits = setTimeout(() => { if (!ours) place(); ours = false; }, 150);
  });
  text.addEventListener("pointerup", () => setTimeout(() => {
    const selection = getSelection();
    const words = selection.rangeCount && !selection.isCollapsed ? touched(selection.getRangeAt(0)) : null;
    if (words && chosen()) select(...words);
  }));
  addEventListener("scroll", () => { if (!picker.contains(document.activeElement)) picker.hidden = true; }, { passive: true });
  byKeys();
}
