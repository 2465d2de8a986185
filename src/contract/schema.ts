import type { FromSchema, JSONSchema } from "json-schema-to-ts";

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/** The values that a schema allows, read-only throughout. */
export type Static<Schema extends JSONSchema> = Frozen<FromSchema<Schema, { keepDefaultedPropertiesOptional: true }>>;

type Properties = Readonly<Record<string, JSONSchema>>;

interface Fields<P extends Properties, Optional extends keyof P> {
  readonly description?: string;
  readonly properties: P;
  /** Properties that may be missing. */
  readonly optional?: readonly Optional[];
}

/** The schema of an object with these properties and no others. */
export function closed<const P extends Properties, const Optional extends keyof P & string = never>({
  description,
  properties,
  optional = [],
}: Fields<P, Optional>) {
  const mayBeMissing: readonly string[] = optional;
  const isRequired = (name: string): name is Exclude<keyof P & string, Optional> => !mayBeMissing.includes(name);
  return {
    type: "object",
    ...(description !== undefined && { description }),
    required: Object.keys(properties).filter(isRequired),
    additionalProperties: false,
    properties,
  } as const;
}

/** The same, or null. */
export function closedOrNull<const P extends Properties, const Optional extends keyof P & string = never>(
  fields: Fields<P, Optional>,
) {
  return { ...closed(fields), type: ["object", "null"] } as const;
}

/** The schema of a whole payload: a closed object with a title. */
export function payload<const P extends Properties, const Optional extends keyof P & string = never>({
  title,
  ...fields
}: Fields<P, Optional> & { readonly title: string; readonly description: string }) {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    description: fields.description,
    ...closed(fields),
  } as const;
}
