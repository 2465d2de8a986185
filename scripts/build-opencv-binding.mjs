#!/usr/bin/env node
/**
 * Builds the native half of @u4/opencv4nodejs against the system's OpenCV, only when it must.
 *
 * The package's own installer compiles a binding for every OpenCV module that it finds (minutes). Here: the modules
 * that Flinch uses, in a few large translation units (the headers cost more than the code), at -O1 (the binding is
 * glue: pixels are worked on inside OpenCV), against Node's own headers where they lie beside it. In a project that
 * has Flinch as a package it is `npx flinch-opencv`.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { resolve } = createRequire(import.meta.url);
/** Beside Flinch where it is a package of somebody's project, below it in a checkout. */
const packageDir = resolve
  .paths("@u4/opencv4nodejs")
  .map((modules) => join(modules, "@u4/opencv4nodejs"))
  .find((folder) => existsSync(folder));
if (packageDir === undefined) throw new Error("@u4/opencv4nodejs is not installed: npm install");
const binary = join(packageDir, "build/Release/opencv4nodejs.node");
const stampFile = join(packageDir, "build/flinch-stamp");

/** OpenCV modules that are bound; two of them share the folder cc/io. */
const MODULES = ["core", "imgproc", "imgcodecs", "videoio", "highgui", "calib3d"];
const SOURCE_FOLDERS = ["core", "imgproc", "io", "highgui", "calib3d"];

/** Holds what is generated: the translation units, and a header that hides OpenCV's own list of modules. */
const GENERATED = "flinch-modules";

/** OpenCV's names for pkg-config: 4's first, which the binding was written for. */
const PACKAGES = ["opencv4", "opencv5"];

/** What pkg-config says of OpenCV; throws where there is none. */
export function pkgConfig(flag) {
  for (const name of PACKAGES) {
    const found = spawnSync("pkg-config", [flag, name], { encoding: "utf8" });
    if (found.status === 0) return found.stdout.trim();
  }
  const names = PACKAGES.join(" nor ");
  throw new Error(`OpenCV is not installed: pkg-config knows neither ${names} (Debian: apt-get install libopencv-dev)`);
}

/** Node's own headers beside the running binary, so that node-gyp downloads nothing; else undefined. */
function localNodeHeaders() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, "include/node/node_api.h")) ? prefix : undefined;
}

/** A C++ compiler that takes the headers of this Node.js: from 23 on they are C++20. Ubuntu 20.04's own does not. */
function compiler() {
  if (process.env.CXX || Number(process.versions.node.split(".")[0]) < 23) return {};
  const fit = ["g++", "g++-10"].find((name) => {
    const { stdout } = spawnSync(name, ["-dumpversion"], { encoding: "utf8" });
    return Number(stdout?.split(".")[0]) >= 10;
  });
  if (fit === undefined) throw new Error("Node.js 24's headers need g++ 10 or newer: apt-get install g++-10");
  return { CXX: fit };
}

/** The binding's sources, by translation unit, slowest first. */
function translationUnits() {
  const listing = readFileSync(join(packageDir, "binding_old.gyp"), "utf8");
  const sources = [...listing.matchAll(/"(cc\/[^"]+\.cc)"/g)]
    .map((match) => match[1])
    .filter((source) => source.split("/").length === 2 || SOURCE_FOLDERS.includes(source.split("/")[1]));
  const units = { mat: [], imgproc: [], rest: [], core: [] };
  const constants = sources.filter((source) => source.endsWith("Constants.cc"));
  for (const source of sources) {
    if (constants.includes(source)) continue;
    if (source === "cc/core/Mat.cc") units.mat.push(source);
    else if (source.startsWith("cc/imgproc/")) units.imgproc.push(source);
    else if (source.startsWith("cc/core/")) units.core.push(source);
    else units.rest.push(source);
  }
  // Last, because they open namespace cv, whose Mat would clash with the binding's in any source after them.
  units.core.push(...constants);
  return units;
}

function gyp(units) {
  const include = pkgConfig("--cflags-only-I")
    .split(/\s+/)
    .map((flag) => flag.replace(/^-I/, ""));
  const libDir = pkgConfig("--variable=libdir");
  return {
    targets: [
      {
        target_name: "opencv4nodejs",
        include_dirs: [
          GENERATED,
          ".",
          ...include,
          "cc",
          "cc/core",
          "<!(node -e \"require('nan')\")",
          "cc/native-node-utils",
        ],
        libraries: [`-L${libDir}`, ...MODULES.map((name) => `-lopencv_${name}`), `-Wl,-rpath,${libDir}`],
        sources: Object.keys(units).map((name) => `${GENERATED}/${name}.cc`),
        cflags: ["-std=c++17", "-w"],
        "cflags!": ["-fno-exceptions"],
        "cflags_cc!": ["-fno-rtti", "-fno-exceptions", "-std=gnu++17"],
        configurations: { Release: { "cflags!": ["-O3"], cflags: ["-O1"] } },
      },
    ],
  };
}

function generate(units, description) {
  const folder = join(packageDir, GENERATED);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "opencv2"), { recursive: true });
  const found = MODULES.map((name) => `#define HAVE_OPENCV_${name.toUpperCase()}`);
  writeFileSync(join(folder, "opencv2/opencv_modules.hpp"), `#pragma once\n${found.join("\n")}\n`);
  for (const [name, sources] of Object.entries(units)) {
    writeFileSync(join(folder, `${name}.cc`), sources.map((source) => `#include "${source}"\n`).join(""));
  }
  writeFileSync(join(packageDir, "binding.gyp"), description);
}

/** Everything that the built binding depends on: a change of any builds it again. */
function stampOf(units, description) {
  const version = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")).version;
  const inputs = [version, process.versions.modules, process.arch, pkgConfig("--modversion"), description, units];
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
}

function nodeGyp() {
  const headers = localNodeHeaders();
  const args = ["--release", `--jobs=${availableParallelism()}`, "--loglevel=warn"];
  // In the environment, where an npm that is configured otherwise would be heard before an argument.
  const env = { ...process.env, ...compiler(), ...(headers && { npm_config_nodedir: headers }) };
  const program = resolve("node-gyp/bin/node-gyp.js");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, "configure", "build", ...args], {
      cwd: packageDir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`The OpenCV binding did not build:\n${output.slice(-4000)}`));
    });
  });
}

/** True when it was built, false when the one that is there is up to date. */
export async function buildOpencvBinding() {
  const units = translationUnits();
  const description = JSON.stringify(gyp(units), null, 2);
  const wanted = stampOf(units, description);
  if (existsSync(binary) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return false;
  rmSync(stampFile, { force: true });
  generate(units, description);
  await nodeGyp();
  writeFileSync(stampFile, wanted);
  return true;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const built = await buildOpencvBinding();
  console.error(built ? "OpenCV binding built" : "OpenCV binding is up to date");
}
