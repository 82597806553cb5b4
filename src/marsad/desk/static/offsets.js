// Code points (the server's offsets) to UTF-16 units (the browser's), in one place.

/** UTF-16 offset in `text` of the code point number `point`. */
export function toUnits(text, point) {
  let units = 0;
  for (let i = 0; i < point && units < text.length; i++) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return units;
}

/** Code point number in `text` of the UTF-16 offset `unit`. */
export function toPoints(text, unit) {
  let points = 0;
  for (let units = 0; units < unit && units < text.length; points++) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return points;
}

/** The ranges of [start, end) code points over paragraphs that each say, in data-start, where they begin. */
export function rangesOf(paragraphs, start, end) {
  const ranges = [];
  for (const paragraph of paragraphs) {
    const node = paragraph.firstChild;
    if (!node) continue;
    const begins = Number(paragraph.dataset.start);
    const length = toPoints(node.data, node.data.length);
    const from = Math.max(0, start - begins), to = Math.min(length, end - begins);
    if (from >= to) continue;
    const range = new Range();
    range.setStart(node, toUnits(node.data, from));
    range.setEnd(node, toUnits(node.data, to));
    ranges.push(range);
  }
  return ranges;
}
