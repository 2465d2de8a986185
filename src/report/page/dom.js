const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Readonly<Record<string, string | number>>} Attributes */

/**
 * Sets attributes of an element.
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @returns {E}
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} N
 * @param {N} name
 * @param {Attributes} [attributes]
 * @param {readonly (Node | string)[]} [content]
 * @returns {SVGElementTagNameMap[N]}
 */
export function svg(name, attributes = {}, content = []) {
  const element = set(document.createElementNS(SVG, name), attributes);
  element.append(...content);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Attributes} [attributes]
 * @param {readonly (Node | string)[]} [content]
 * @returns {HTMLElementTagNameMap[N]}
 */
export function element(name, attributes = {}, content = []) {
  const made = set(document.createElement(name), attributes);
  made.append(...content);
  return made;
}

/**
 * A name of the data as words.
 * @param {string} name
 */
export const words = (name) => name.replaceAll("_", " ");

/**
 * A moment in seconds.
 * @param {number} ms
 * @param {number} [digits]
 */
export const seconds = (ms, digits = 3) => `${(ms / 1000).toFixed(digits)} s`;
