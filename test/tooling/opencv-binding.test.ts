import { join } from "node:path";
import { test } from "tap";
import { pkgConfig } from "../../scripts/build-opencv-binding.mjs";

const description = (version: string) => `Name: OpenCV\nDescription: OpenCV\nVersion: ${version}\n`;

test("OpenCV is asked for by 4's name, then by 5's", async (t) => {
  const folder = t.testdir({
    both: { "opencv4.pc": description("4.9.0"), "opencv5.pc": description("5.0.0") },
    five: { "opencv5.pc": description("5.0.0") },
    none: {},
  });
  const before = process.env["PKG_CONFIG_LIBDIR"];
  t.teardown(() => {
    if (before === undefined) delete process.env["PKG_CONFIG_LIBDIR"];
    else process.env["PKG_CONFIG_LIBDIR"] = before;
  });
  const version = (place: string) => {
    process.env["PKG_CONFIG_LIBDIR"] = join(folder, place);
    return pkgConfig("--modversion");
  };
  t.equal(version("both"), "4.9.0");
  t.equal(version("five"), "5.0.0");
  t.throws(() => version("none"), /knows neither opencv4 nor opencv5/);
});
