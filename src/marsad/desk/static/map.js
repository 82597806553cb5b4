// Nearer and farther on the map: the drawing stays, its window moves. Areas keep their size on the ground.
for (const map of document.querySelectorAll("[data-map]")) {
  const svg = map.querySelector("svg");
  const whole = [0, 0, Number(svg.dataset.width), Number(svg.dataset.height)];
  let box = [...whole];

  const draw = () => {
    svg.setAttribute("viewBox", box.join(" "));
    // On a small screen the whole drawing is small: words and the least circles must not be.
    const shrink = (box[2] / whole[2]) * Math.max(1, (0.85 * whole[2]) / (svg.clientWidth || whole[2]));
    for (const circle of svg.querySelectorAll("circle[data-r]")) circle.setAttribute("r", Math.max(Number(circle.dataset.r), 8 * shrink));
    for (const text of svg.querySelectorAll(".area-name, .area-count")) text.style.fontSize = `${14 * shrink}px`;
    for (const text of svg.querySelectorAll(".area-name")) text.setAttribute("dy", Number(text.parentElement.querySelector("circle").getAttribute("r")) + 15 * shrink);
    for (const text of svg.querySelectorAll(".land-name")) text.style.fontSize = `${17 * shrink}px`;
    clear(shrink);
    svg.querySelector(".scalebar").toggleAttribute("hidden", box[2] !== whole[2]);
    svg.querySelector(".scalebar text").style.fontSize = `${13 * shrink}px`;
  };
  // A name that would lie over another stands above its area, or waits until one looks nearer: those with most
  // incidents choose first, then countries, then what is faint.
  const clear = (shrink) => {
    const names = [...svg.querySelectorAll(".area-name, .land-name")].map((text) => ({ text, weight: Number(text.dataset.weight ?? 0.5) }));
    const kept = [...svg.querySelectorAll(".area-count")].map((text) => text.getBBox()), gap = 2 * shrink;
    const free = (box) => !kept.some((k) => box.x < k.x + k.width + gap && k.x < box.x + box.width + gap && box.y < k.y + k.height + gap && k.y < box.y + box.height + gap);
    for (const { text } of names.sort((a, b) => b.weight - a.weight)) {
      const below = text.getAttribute("dy"), circle = text.closest("a")?.querySelector("circle");
      let box = text.getBBox();
      if (!free(box) && circle) {
        text.setAttribute("dy", -Number(circle.getAttribute("r")) - 5 * shrink);
        box = text.getBBox();
        if (!free(box)) text.setAttribute("dy", below);
      }
      const seen = free(box);
      text.classList.toggle("covered", !seen);
      if (seen) kept.push(box);
    }
  };
  const zoom = (by, x = 0.5, y = 0.5) => {
    const wide = Math.min(whole[2], Math.max(whole[2] / 40, box[2] * by)), ratio = wide / box[2];
    box = [box[0] + box[2] * x * (1 - ratio), box[1] + box[3] * y * (1 - ratio), wide, box[3] * ratio];
    box[0] = Math.min(Math.max(box[0], 0), whole[2] - box[2]);
    box[1] = Math.min(Math.max(box[1], 0), whole[3] - box[3]);
    draw();
  };
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const seen = svg.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - seen.left) / seen.width, (event.clientY - seen.top) / seen.height);
  }, { passive: false });
  let from = null;
  svg.addEventListener("pointerdown", (event) => { if (box[2] < whole[2]) from = [event.clientX, event.clientY, ...box]; });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const seen = svg.getBoundingClientRect();
    box[0] = Math.min(Math.max(from[2] - (event.clientX - from[0]) / seen.width * box[2], 0), whole[2] - box[2]);
    box[1] = Math.min(Math.max(from[3] - (event.clientY - from[1]) / seen.height * box[3], 0), whole[3] - box[3]);
    draw();
  });
  addEventListener("pointerup", () => { from = null; });
  draw();
  addEventListener("resize", draw);
  const buttons = map.querySelector("[data-map-buttons]");
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const how = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (how === "in") zoom(0.6);
    if (how === "out") zoom(1 / 0.6);
    if (how === "all") { box = [...whole]; draw(); }
  });
}
