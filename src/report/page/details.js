import { element } from "./dom.js";

/**
 * Everything about a movement, from its row in the table.
 * @param {number} row number of the row
 * @returns {Node[]}
 */
export function detailsOf(row) {
  const source = document.getElementById(`movement-${row}`);
  const headings = document.querySelectorAll("#movements thead th");
  const entries = [...(source?.children ?? [])].flatMap((cell, i) => {
    if (cell.textContent === "" && cell.childElementCount === 0) return [];
    const value = element("dd", {}, [...cell.cloneNode(true).childNodes]);
    return [element("div", {}, [element("dt", {}, [headings[i]?.textContent ?? ""]), value])];
  });
  return [
    element("dl", {}, entries),
    element("a", { href: `#movement-${row}`, class: "to-row" }, ["its row in the table"]),
  ];
}
