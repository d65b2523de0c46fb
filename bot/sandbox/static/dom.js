// Three small helpers to build nodes. Foreign text only ever becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element with properties (class, data, on…, or attributes) and children (nodes or texts). */
export function h(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Make an icon out of the page's sprite. */
export function icon(name, extra = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", extra);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Find one element. */
export const $ = (selector, root = document) => root.querySelector(selector);
