/** Text that is HTML already: made by `html` alone. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Value = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in an element or in a quoted attribute. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] as string);

function written(value: Value): string {
  if (typeof value === "object" && !(value instanceof Html)) return value.map(written).join("");
  return value instanceof Html ? value.text : escaped(String(value));
}

/** Template of HTML: what is put in is escaped, unless it is such a template itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + written(values[i - 1] as Value) + part));
}

/** JSON that can stand in a script element whatever texts it holds. */
export const jsonInScript = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
