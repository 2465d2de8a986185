/** An element of a page, with what stands in it. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: HtmlElement[];
  /** Text of this element and all within it. */
  text: string;
}

const VOID = new Set(["meta", "img", "br", "input"]);
const RAW = new Set(["script", "style"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function decoded(text: string): string {
  if (/<|&(?!(amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`not escaped: ${text.slice(0, 80)}`);
  return text.replaceAll(/&([#\w]+);/g, (_, name: string) => ENTITIES[name] ?? "");
}

/**
 * Reads a page as strictly as XML: what a browser would have to guess is an error.
 * @throws Error for a tag that is not closed, an attribute without quotes, or text that is not escaped
 */
export function parseHtml(page: string): HtmlElement {
  const start = /^<!DOCTYPE html>\n/.exec(page)?.[0];
  if (start === undefined) throw new Error("no doctype");
  const root: HtmlElement = { name: "", attributes: new Map(), children: [], text: "" };
  const open = [root];
  let rest = page.slice(start.length);
  const add = (text: string) => {
    for (const element of open) element.text += text;
  };
  while (rest !== "") {
    const inner = open.at(-1) as HtmlElement;
    const stop = RAW.has(inner.name) ? rest.indexOf(`</${inner.name}`) : rest.indexOf("<");
    if (stop !== 0) {
      const text = stop < 0 ? rest : rest.slice(0, stop);
      add(RAW.has(inner.name) ? text : decoded(text));
      rest = rest.slice(text.length);
      continue;
    }
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/.exec(rest);
    if (tag === null) throw new Error(`no tag: ${rest.slice(0, 80)}`);
    const [whole, slash, name = "", list = ""] = tag;
    rest = rest.slice(whole.length);
    if (slash === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes <${inner.name}>`);
      continue;
    }
    const attributes = new Map(
      [...list.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key = "", value = ""]) => [key, decoded(value)]),
    );
    const element: HtmlElement = { name, attributes, children: [], text: "" };
    inner.children.push(element);
    if (!VOID.has(name)) open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return root;
}

/** The elements within one, in order, that pass; itself left out. */
export function elementsIn(element: HtmlElement, wanted: (element: HtmlElement) => boolean): HtmlElement[] {
  return element.children.flatMap((child) => [...(wanted(child) ? [child] : []), ...elementsIn(child, wanted)]);
}

export const named =
  (name: string) =>
  (element: HtmlElement): boolean =>
    element.name === name;
