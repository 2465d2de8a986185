/** Files of sysfs and procfs as a board has them: directories of files, as `t.testdir` takes them. */
export type Tree = { [name: string]: string | Tree };

interface Described {
  /** Zone's type, thousandths of a degree, and its trip points: type and thousandths. "" is a zone that cannot be read. */
  readonly zones: readonly (readonly [type: string, temp: string, ...trips: (readonly [string, string])[]])[];
  readonly cooling: readonly (readonly [type: string, state: string])[];
  /** The GPU's device in devfreq, with its clocks in Hz and its load in thousandths; undefined without any. */
  readonly gpu?: { readonly name: string; readonly hz: string; readonly maxHz: string; readonly load?: string };
  /** Where an older kernel has the GPU's load. */
  readonly platformLoad?: string;
  /** kHz of every core, and of the highest allowed. */
  readonly cores: readonly string[];
  readonly maxKhz: string;
  /** Rails of one INA3221: label, mV, mA. */
  readonly rails: readonly (readonly [label: string, millivolts: string, milliamperes: string])[];
  readonly overCurrent?: readonly string[];
  readonly totalKb: string;
}

const numbered = (prefix: string, entries: readonly Tree[], first = 0): Tree =>
  Object.fromEntries(entries.map((entry, n) => [`${prefix}${n + first}`, entry]));

/** The tree of a board; every file ends in a line feed, as sysfs writes it. */
export function sysfs(board: Described): Tree {
  const zones = board.zones.map(([type, temp, ...trips]) => ({
    type: `${type}\n`,
    // A part that is switched off answers a read with an error: a directory does so as well.
    temp: temp === "" ? {} : `${temp}\n`,
    ...Object.fromEntries(
      trips.flatMap(([kind, at], n) => [
        [`trip_point_${n}_type`, `${kind}\n`],
        [`trip_point_${n}_temp`, `${at}\n`],
      ]),
    ),
  }));
  const cooling = board.cooling.map(([type, state]) => ({ type: `${type}\n`, cur_state: `${state}\n` }));
  const rails = board.rails.flatMap(([label, millivolts, milliamperes], n) => [
    [`in${n + 1}_label`, `${label}\n`],
    [`in${n + 1}_input`, `${millivolts}\n`],
    [`curr${n + 1}_input`, `${milliamperes}\n`],
  ]);
  const monitors: Tree[] = [
    { name: "tmp451\n" },
    // The chip's sum of shunt voltages has a label, and no current.
    { name: "ina3221\n", ...Object.fromEntries(rails), in7_label: "sum of shunt voltages\n", in7_input: "4\n" },
  ];
  if (board.overCurrent !== undefined) {
    const counters = board.overCurrent.map((count, n) => [`oc${n + 1}_event_cnt`, `${count}\n`]);
    monitors.push({ name: "soctherm_oc\n", oc1_throt_en: "1\n", ...Object.fromEntries(counters) });
  }
  const { gpu } = board;
  return {
    sys: {
      class: {
        thermal: { ...numbered("thermal_zone", zones), ...numbered("cooling_device", cooling) },
        hwmon: numbered("hwmon", monitors),
        devfreq: {
          "15340000.vic": { cur_freq: "115200000\n", max_freq: "601600000\n" },
          ...(gpu !== undefined && {
            [gpu.name]: {
              cur_freq: `${gpu.hz}\n`,
              max_freq: `${gpu.maxHz}\n`,
              device: gpu.load === undefined ? {} : { load: `${gpu.load}\n` },
            },
          }),
        },
      },
      devices: {
        ...(board.platformLoad !== undefined && { "gpu.0": { load: `${board.platformLoad}\n` } }),
        system: {
          cpu: {
            ...numbered(
              "cpu",
              board.cores.map((khz) => ({
                cpufreq: { scaling_cur_freq: `${khz}\n`, scaling_max_freq: `${board.maxKhz}\n` },
              })),
            ),
            cpufreq: {},
            cpuidle: {},
          },
        },
      },
    },
    proc: {
      meminfo: `MemTotal:        ${board.totalKb} kB\nMemFree:         1000 kB\nMemAvailable:    4023972 kB\n`,
      stat: "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 100 0 50 800 50 0 0 0 0 0\nintr 1\n",
    },
  };
}

const trips = [
  ["passive", "99000"],
  ["hot", "103000"],
  ["critical", "104500"],
] as const;

/** JetPack 6 on an Orin Nano: VDD_IN measures everything; GPU "17000000.gpu". */
export const orinNanoJetPack6 = sysfs({
  zones: [
    ["cpu-thermal", "52593", ...trips],
    ["gpu-thermal", "51843", ...trips],
    ["cv0-thermal", ""],
    ["soc0-thermal", "50437", ...trips],
    ["tj-thermal", "52593", ["active", "51000"], ["active", "64000"]],
  ],
  cooling: [
    ["pwm-fan", "2"],
    ["cpu-throttle-alert", "0"],
    ["gpu-throttle-alert", "0"],
    ["hot-surface-alert", "0"],
    ["cpufreq-cpu0", "0"],
    ["devfreq-17000000.gpu", "0"],
  ],
  gpu: { name: "17000000.gpu", hz: "306000000", maxHz: "624750000", load: "224" },
  cores: ["729600", "1510400", "729600"],
  maxKhz: "1510400",
  rails: [
    ["VDD_IN", "4968", "1520"],
    ["VDD_CPU_GPU_CV", "4960", "1784"],
    ["VDD_SOC", "4960", "496"],
  ],
  overCurrent: ["0", "0", "3"],
  totalKb: "7802844",
});

/** JetPack 6 on an Orin NX that throttles itself. */
export const orinNxThrottled = sysfs({
  zones: [
    ["cpu-thermal", "99437", ...trips],
    ["gpu-thermal", "97000", ...trips],
    ["tj-thermal", "99437"],
  ],
  cooling: [
    ["pwm-fan", "4"],
    ["cpu-throttle-alert", "1"],
    ["gpu-throttle-alert", "0"],
    ["cpufreq-cpu0", "7"],
  ],
  gpu: { name: "17000000.gpu", hz: "408000000", maxHz: "918000000", load: "1000" },
  cores: ["1190400"],
  maxKhz: "1984000",
  rails: [["VDD_IN", "4984", "4000"]],
  overCurrent: ["0", "0", "0"],
  totalKb: "15823480",
});

/** JetPack 5 on an AGX Orin: two monitors' worth of rails and none of everything; its GPU sleeps; names as in L4T 35. */
export const agxOrinJetPack5 = sysfs({
  zones: [
    ["CPU-therm", "44562", ...trips],
    ["GPU-therm", "-256000"],
    ["Tboard_tegra", "32000"],
    ["tj-therm", "44343"],
  ],
  cooling: [
    ["pwm-fan", "0"],
    ["cpu-throttle-alert", "0"],
  ],
  gpu: { name: "17000000.ga10b", hz: "0", maxHz: "1300500000", load: "0" },
  cores: ["729600", "2188800"],
  maxKhz: "2201600",
  rails: [
    ["VDD_GPU_SOC", "12040", "195"],
    ["VDD_CPU_CV", "12040", "33"],
    ["VIN_SYS_5V0", "5088", "791"],
  ],
  overCurrent: ["0", "0", "0"],
  totalKb: "31410000",
});

/** JetPack 5 on a Xavier NX: "-balanced" cooling devices, GPU gv11b, its load where older kernels have it. */
export const xavierNxJetPack5 = sysfs({
  zones: [
    ["AO-therm", "45000"],
    ["CPU-therm", "46500", ["passive", "86000"], ["critical", "96000"]],
    ["GPU-therm", "45500", ["passive", "87500"]],
    ["PMIC-Die", "100000"],
    ["thermal-fan-est", "45600", ["active", "50000"]],
  ],
  cooling: [
    ["cpu-balanced", "0"],
    ["gpu-balanced", "0"],
    ["pwm-fan", "1"],
  ],
  gpu: { name: "17000000.gv11b", hz: "114750000", maxHz: "1109250000" },
  platformLoad: "37",
  cores: ["1190400", "1420800"],
  maxKhz: "1420800",
  rails: [
    ["VDD_IN", "4960", "560"],
    ["VDD_CPU_GPU_CV", "4960", "130"],
    ["NC", "0", "0"],
  ],
  totalKb: "7015000",
});
