import { chmodSync } from "node:fs";
import t from "tap";
import { parsePowerMode, readPowerMode } from "../../../src/device/board/power-mode.js";
import { parseTegrastats, runTegrastats } from "../../../src/device/board/tegrastats.js";

// Lines in the formats that public repositories and NVIDIA's guide show, of the releases named.

const ORIN_NANO_JETPACK_6 =
  "09-21-2025 15:38:17 RAM 3645/7620MB (lfb 63x4MB) SWAP 236/3810MB (cached 0MB) CPU [1%@729,1%@729,4%@729,2%@1510,off,off] " +
  "EMC_FREQ 0%@204 GR3D_FREQ 12%@[305] NVDEC off NVJPG off NVJPG1 off VIC off OFA off APE 200 cpu@44.125C soc2@43.375C " +
  "gpu@44.531C tj@44.531C VDD_IN 2957mW/2957mW VDD_CPU_GPU_CV 486mW/486mW VDD_SOC 1012mW/1012mW";
const AGX_ORIN_JETPACK_5 =
  "04-11-2025 10:36:27 RAM 4321/62801MB (lfb 1759x4MB) SWAP 19/31400MB (cached 0MB) CPU [0%@729,0%@729] EMC_FREQ 0%@2133 " +
  "GR3D_FREQ 0%@[0,0] VIC_FREQ 729 APE 174 CV0@-256C CPU@44.562C Tboard@32C GPU@-256C tj@44.343C " +
  "VDD_GPU_SOC 2340mW/2340mW VDD_CPU_CV 390mW/390mW VIN_SYS_5V0 4025mW/4025mW NC 0mW/0mW VDDQ_VDD2_1V8AO 301mW/301mW";
const XAVIER_NX_JETPACK_5 =
  "07-09-2024 13:31:31 RAM 3168/6851MB (lfb 2x4MB) SWAP 161/3426MB (cached 0MB) CPU [23%@1397,17%@1192] EMC_FREQ 2%@204 " +
  "GR3D_FREQ 0%@[114] VIC_FREQ 115 APE 150 AUX@45C CPU@46.5C thermal@45.6C AO@45C GPU@45.5C PMIC@50C " +
  "VDD_IN 2763mW/2846mW VDD_CPU_GPU_CV 650mW/670mW VDD_SOC 650mW/711mW";
const ORIN_NANO_L4T_39 =
  "09-01-2026 09:25:18 RAM 5739/7546MB (lfb 1x2MB) SWAP 2047/2048MB (cached 209MB) CPU [72%@1728,75%@1728] GR3D_FREQ 33% " +
  "cpu@50C/50C gpu@48.75C/48.75C tj@50C/50C VDD_IN 9761mW/9761mW/9761mW VDD_SOC 1825mW/1825mW/1825mW";

t.test("a line of every release is read", async (t) => {
  t.strictSame(parseTegrastats(ORIN_NANO_JETPACK_6), {
    zonesC: { cpu: 44.125, soc2: 43.375, gpu: 44.531, tj: 44.531 },
    cpuLoad: 0.02,
    cpuHz: 1_510_000_000,
    gpuLoad: 0.12,
    gpuHz: 305_000_000,
    railsW: { VDD_IN: 2.957, VDD_CPU_GPU_CV: 0.486, VDD_SOC: 1.012 },
  });
  t.match(parseTegrastats(AGX_ORIN_JETPACK_5), {
    zonesC: { cv0: null, cpu: 44.562, tboard: 32, gpu: null, tj: 44.343 },
    railsW: { VDD_GPU_SOC: 2.34, VIN_SYS_5V0: 4.025 },
  });
  t.notOk("NC" in (parseTegrastats(AGX_ORIN_JETPACK_5)?.railsW ?? { NC: 1 }));
  const xavier = parseTegrastats(XAVIER_NX_JETPACK_5);
  t.strictSame(
    xavier?.zonesC,
    { aux: 45, cpu: 46.5, thermal: 45.6, ao: 45, gpu: 45.5 },
    "the power chip's is constant",
  );
  t.equal(xavier?.cpuLoad, 0.2);
  t.match(parseTegrastats(ORIN_NANO_L4T_39), {
    zonesC: { cpu: 50, gpu: 48.75, tj: 50 },
    gpuLoad: 0.33,
    gpuHz: null,
    railsW: { VDD_IN: 9.761, VDD_SOC: 1.825 },
  });
});

t.test("what is no line of tegrastats is nothing", async (t) => {
  for (const line of ["", "tegrastats: command not found", "RAM 1/2MB", "CPU [1%@2]"])
    t.equal(parseTegrastats(line), null);
});

t.test("the program is run for one line; one that is missing, silent or fails says nothing", async (t) => {
  const program = (name: string, script: string) => {
    const path = `${t.testdir({ [name]: `#!/bin/sh\n${script}\n` })}/${name}`;
    chmodSync(path, 0o755);
    return path;
  };
  const lasting = program("lasting", `while :; do echo '${ORIN_NANO_JETPACK_6}'; sleep 0.2; done`);
  t.match(await runTegrastats(lasting), { gpuLoad: 0.12 });
  t.equal(await runTegrastats(program("failing", "exit 1")), null);
  t.equal(await runTegrastats("/no/such/tegrastats"), null);
});

t.test("the power mode is nvpmodel's", async (t) => {
  t.equal(parsePowerMode("NV Power Mode: MAXN_SUPER\n2\n"), "MAXN_SUPER");
  t.equal(parsePowerMode("NVPM WARN: fan mode is not set!\nNV Power Mode: MODE_15W_6CORE\n"), "MODE_15W_6CORE");
  for (const printed of [undefined, "", "ERROR: must be root"]) t.equal(parsePowerMode(printed), null);
  t.equal(await readPowerMode(async () => "NV Power Mode: 15W\n0"), "15W");
});
