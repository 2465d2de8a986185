import { rmSync, writeFileSync } from "node:fs";
import t, { type Test } from "tap";
import { Board } from "../../../src/device/board/board.js";
import type { Tegrastats } from "../../../src/device/board/tegrastats.js";
import {
  agxOrinJetPack5,
  orinNanoJetPack6,
  orinNxThrottled,
  sysfs,
  type Tree,
  xavierNxJetPack5,
} from "./support/sysfs.js";

const nobody = async () => null;

function boardOf(root: string, tegrastats: () => Promise<Tegrastats | null> = nobody) {
  return new Board({ root, tegrastats, powerMode: async () => "15W" });
}

function read(t: Test, tree: Tree) {
  return boardOf(t.testdir(tree)).read();
}

t.test("an Orin Nano with JetPack 6", async (t) => {
  const reading = await read(t, orinNanoJetPack6);
  t.strictSame(reading, {
    temperaturesC: { cpu: 52.593, gpu: 51.843, cv0: null, soc0: 50.437, tj: 52.593 },
    hottestC: 52.593,
    headroomC: 99 - 52.593,
    throttled: false,
    throttledBy: [],
    overCurrentEvents: 3,
    powerMode: "15W",
    cpu: { hz: 1_510_400_000, maxHz: 1_510_400_000, load: null },
    gpu: { hz: 306_000_000, maxHz: 624_750_000, load: 0.224 },
    railsW: { VDD_IN: 7.551, VDD_CPU_GPU_CV: 8.849, VDD_SOC: 2.46 },
    totalW: 7.551,
    memory: { totalMb: 7990, availableMb: 4121 },
  });
});

t.test("an Orin NX that throttles itself says by what; a fan is no reason", async (t) => {
  t.match(await read(t, orinNxThrottled), {
    throttled: true,
    throttledBy: ["cpu-throttle-alert", "cpufreq-cpu0"],
    hottestC: 99.437,
    gpu: { load: 1 },
  });
  const headroom = (await read(t, orinNxThrottled))?.headroomC ?? 0;
  t.ok(headroom < 0 && headroom > -1, "beyond its trip point");
});

t.test(
  "an AGX Orin with JetPack 5: no rail measures everything, and a GPU that sleeps has no temperature",
  async (t) => {
    const reading = await read(t, agxOrinJetPack5);
    t.strictSame(reading?.temperaturesC, { cpu: 44.562, gpu: null, tboard_tegra: 32, tj: 44.343 });
    t.match(reading, { throttled: false, totalW: null, gpu: { hz: 0, maxHz: 1_300_500_000, load: 0 } });
    t.strictSame(reading?.railsW, { VDD_GPU_SOC: 2.348, VDD_CPU_CV: 0.397, VIN_SYS_5V0: 4.025 });
  },
);

t.test("a Xavier NX with JetPack 5: the power chip's constant is no temperature", async (t) => {
  const reading = await read(t, xavierNxJetPack5);
  t.strictSame(reading?.temperaturesC, { ao: 45, cpu: 46.5, gpu: 45.5, "thermal-fan-est": 45.6 });
  t.equal(reading?.headroomC, 86 - 46.5);
  t.match(reading, { throttled: false, overCurrentEvents: null, totalW: 2.778, gpu: { load: 0.037 } });
  t.strictSame(Object.keys(reading?.railsW ?? {}), ["VDD_IN", "VDD_CPU_GPU_CV"]);
});

t.test("the processor's load is that since the reading before", async (t) => {
  const root = t.testdir(orinNanoJetPack6);
  const board = boardOf(root);
  t.equal((await board.read())?.cpu.load, null);
  writeFileSync(`${root}/proc/stat`, "cpu  120 0 60 840 80 0 0 0 0 0\n");
  t.equal((await board.read())?.cpu.load, 0.3);
  rmSync(`${root}/proc/stat`);
  t.equal((await board.read())?.cpu.load, null);
});

t.test("a machine that tells nothing has no board; clocks and memory alone are none", async (t) => {
  t.equal(
    await boardOf(t.testdir({}))
      .read()
      .then((reading) => reading?.powerMode),
    "15W",
    "nvpmodel alone is one",
  );
  t.equal(await new Board({ root: t.testdir({}), tegrastats: nobody, powerMode: nobody }).read(), null);
  const plain = sysfs({ zones: [], cooling: [], cores: ["1000"], maxKhz: "2000", rails: [], totalKb: "1000" });
  t.equal(await new Board({ root: t.testdir(plain), tegrastats: nobody, powerMode: nobody }).read(), null);
});

t.test("tegrastats fills what sysfs leaves out, and is left alone while it does not answer", async (t) => {
  let calls = 0;
  let answer: Tegrastats | null = null;
  const board = boardOf(t.testdir({ proc: {} }), async () => {
    calls++;
    return answer;
  });
  for (let n = 0; n < 12; n++) t.strictSame((await board.read())?.temperaturesC, {});
  t.equal(calls, 1, "asked once in a dozen readings");
  answer = { zonesC: { tj: 60 }, cpuLoad: 0.5, cpuHz: 1e9, gpuLoad: 0.25, gpuHz: null, railsW: { VDD_IN: 5 } };
  for (let n = 0; n < 2; n++) {
    t.match(await board.read(), {
      temperaturesC: { tj: 60 },
      hottestC: 60,
      headroomC: null,
      throttled: null,
      cpu: { hz: 1e9, load: 0.5 },
      gpu: { hz: null, load: 0.25 },
      totalW: 5,
    });
  }
  t.equal(calls, 3);
  const whole = boardOf(t.testdir(orinNanoJetPack6), () => Promise.reject(new Error("is not needed")));
  t.match(await whole.read(), { gpu: { load: 0.224 } });
});
