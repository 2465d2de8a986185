import type { CommandDescription, CommandGroup } from "./command.js";
import { SHELLS } from "./shells.js";

const BROKER = { "--broker <URL>": "the fleet's broker (default: mqtt.url); user and certificates as mqtt.* says" };
const JSON_OUTPUT = { "--json": "print JSON instead of a table" };

/** Every command. Modules are named here and loaded when they are run. */
export const COMMANDS: readonly (CommandDescription | CommandGroup)[] = [
  {
    name: "run",
    summary: "watch the source and publish events over MQTT",
    options: { "--console": "open the web console on 127.0.0.1:8321, unless console.listen names another place" },
    configured: true,
    example: "flinch run --config /etc/flinch/flinch.json",
    load: async () => (await import("./run.js")).run,
  },
  {
    name: "analyze",
    summary: "print the events of video files as lines of JSON",
    arguments: { "<VIDEO...>": "a video file, or - for standard input; with --out several, and folders of them" },
    options: {
      "--signals": "print every motion sample and the spotter's word on it too",
      "--movements": "print every movement that was noticed, and what became of it",
      "--summary <FILE.json>": "write what was found and how much could be judged",
      "--report <FILE.html>": "write a page that shows why an event was raised, or why not",
      "--thumbnails": "put pictures of the face into the page of --report; without, it holds no pixel",
      "--truth <FILE.json>": "draw into the page of --report what a simulated face did",
      "--out <DIR>": "write the results of each video into a folder of its own in this one",
      "--jobs <N>": "with --out: analyse so many at once, each in a process of its own (default: 1)",
      "--resume": "with --out: make anew what was made of another file, model or configuration",
      "--include <GLOB>": "with --out: of folders, only what matches; several with commas between",
      "--exclude <GLOB>": "with --out: of folders, nothing that matches",
      "--shard <I/N>":
        "with --out: only the Ith of N parts of like length; auto in a Slurm array, auto/N in an indexed Job",
      "--metadata <FILE.csv>": "with --out: carry what is known of each recording (column file) into its results",
      "--to <FORMAT>": "with --out: write csv, json, parquet, eaf or srt as well; several with commas between",
      "--pages": "with --out: write the page of --report for each",
    },
    configured: true,
    example: "flinch analyze interview.mp4 --report interview.html > events.ndjson",
    load: async () => (await import("./analyze.js")).analyze,
  },
  {
    name: "export",
    summary: "turn results and sessions into CSV, JSON, Parquet, subtitles or an ELAN document",
    arguments: {
      "<RESULTS...>":
        "folders that flinch analyze --out made, and folders of such; ids of sessions that a daemon with a console has kept, none for what it saw outside of sessions",
    },
    options: {
      "--to <FORMAT>": "csv, json, parquet, eaf or srt; several with commas between",
      "--out <DIR>": "write the files into this folder (default: beside the results; of sessions, the current folder)",
    },
    configured: true,
    example: "flinch export results/* --to csv,eaf",
    load: async () => (await import("./export.js")).exportCommand,
  },
  {
    name: "query",
    summary: "ask DuckDB about the results of many recordings",
    arguments: {
      "<RESULTS>": "a folder that flinch analyze --out filled, with --to parquet",
      "<SQL...>": "over recordings, events, movements, labels and signals",
    },
    options: { "--csv": "print CSV instead of a table" },
    example: 'flinch query results "SELECT label, count(*) FROM events GROUP BY ALL"',
    load: async () => (await import("./query.js")).query,
  },
  {
    name: "console",
    summary: "the web console: who may log in, and former sessions without a daemon",
    commands: [
      {
        name: "user",
        summary: "let somebody log in: asks for a password, or reads it from standard input",
        arguments: { "<FILE>": "the file of console.usersFile, made where it is missing", "<NAME>": "who it is" },
        options: { "--role <ROLE>": "view, review or operate, each with all that the ones before may (default: view)" },
        example: "flinch console user /etc/flinch/users ada --role review",
        load: async () => (await import("./console-user.js")).consoleUser,
      },
      {
        name: "serve",
        summary: "show what a daemon has kept, while none is running: review and export, no camera",
        configured: true,
        example: "flinch console serve --config /etc/flinch/flinch.json",
        load: async () => (await import("./console-serve.js")).consoleServe,
      },
    ],
  },
  {
    name: "calibrate",
    summary: "say what reviewers' labels make of each operating point in this room, and propose one",
    options: {
      "--max-false-per-hour <N>": "most false events in a judged hour (default: 6)",
      "--min-precision <P>": "least share of events that are real (default: 0)",
      "--to <FILE.json>": "write the proposal as a configuration, to be given beside the other",
      ...JSON_OUTPUT,
    },
    configured: true,
    example: "flinch calibrate --config /etc/flinch/flinch.json --max-false-per-hour 4 --to /etc/flinch/room.json",
    load: async () => (await import("./calibrate.js")).calibrate,
  },
  {
    name: "evidence",
    summary: "videos of events, which are kept only on request",
    commands: [
      {
        name: "key",
        summary: "make the key that clips are encrypted to, for evidence.keyFile",
        arguments: { "<FILE>": "the file to write, of mode 0600; one that is there is never replaced" },
        example: "flinch evidence key /etc/flinch/evidence.key",
        load: async () => (await import("./evidence-key.js")).evidenceKey,
      },
    ],
  },
  {
    name: "fleet",
    summary: "many devices at one broker: how they are, and their configuration",
    commands: [
      {
        name: "status",
        summary: "print how every device at a broker is",
        options: { ...BROKER, "--watch": "again every two seconds, until Ctrl-C", ...JSON_OUTPUT },
        configured: true,
        example:
          "flinch fleet status --broker mqtts://broker.local --mqtt.username=operator --mqtt.passwordFile=secret",
        load: async () => (await import("./fleet-status.js")).fleetStatus,
      },
      {
        name: "configure",
        summary: "write a configuration to a group or, stage by stage, to devices, and stop if it does not go well",
        arguments: { "[CHANGES.json]": "the keys to set, as in a configuration file; all others stay" },
        options: {
          ...BROKER,
          "--state <FILE.json>": "what was before and how far it has come, for --resume and --take-back; always needed",
          "--group <NAME>": "one document for this group; with --stages or --devices, own ones for its devices",
          "--devices <NAMES>": "own documents for these devices, with commas between, or for all",
          "--stages <LIST>": "devices after each stage, as numbers or shares (default: 1,10%,all)",
          "--settle <S>": "watch the devices for so many seconds after each stage (default: 60)",
          "--answer-within <S>": "a device that has not answered by then has not taken it (default: 120)",
          "--key <PRIVATE.pem>": "sign every document with this Ed25519 key",
          "--replace": "take the changes for the whole document: keys that it set before are let go",
          "--from-version <N>": "give no document a version below this one",
          "--resume": "go on with the rollout of --state",
          "--take-back": "put back what each had before the rollout of --state",
        },
        configured: true,
        example: "flinch fleet configure changes.json --devices all --state rollout.json --key private.pem",
        load: async () => (await import("./fleet-configure.js")).fleetConfigure,
      },
    ],
  },
  {
    name: "doctor",
    summary: "check machine, models, source and broker",
    options: JSON_OUTPUT,
    configured: true,
    example: "flinch doctor --config /etc/flinch/flinch.json",
    load: async () => (await import("./doctor.js")).doctor,
  },
  {
    name: "warm",
    summary: "build TensorRT's engines ahead of the first start",
    options: {
      "--force": "build it again where it is there already",
      "--dry-run": "say what would be done, and do nothing",
      "--prune": "remove engines that cannot run here any more",
    },
    configured: true,
    example: "flinch warm --config /etc/flinch/flinch.json --prune",
    load: async () => (await import("./warm.js")).warm,
  },
  {
    name: "bench",
    summary: "measure how fast this machine is",
    arguments: { "[VIDEO]": "a video file (default: the bundled demo/video.mp4)" },
    options: JSON_OUTPUT,
    configured: true,
    example: "flinch bench --recognition.providers=cpu",
    load: async () => (await import("./bench.js")).bench,
  },
  {
    name: "evaluate",
    summary: "score the pipeline on simulated interviews",
    arguments: {
      "<DIR>": "the interviews, a folder of video.mp4 and truth.json each",
      "[TUNING_DIR]": "interviews of other people, to tune published spotters on and compare (default: no comparison)",
    },
    options: JSON_OUTPUT,
    configured: true,
    example: "flinch evaluate interviews/test interviews/tuning --json",
    load: async () => (await import("./evaluate.js")).evaluateCommand,
  },
  {
    name: "config",
    summary: "show, check, describe or sign the configuration",
    commands: [
      {
        name: "print",
        summary: "print the configuration in force, credentials hidden",
        configured: true,
        example: "flinch config print --config /etc/flinch/flinch.json",
        load: async () => (await import("./config.js")).configPrint,
      },
      {
        name: "check",
        summary: "say whether the configuration is valid, and what it sets",
        configured: true,
        example: "flinch config check --config /etc/flinch/flinch.json",
        load: async () => (await import("./config.js")).configCheck,
      },
      {
        name: "schema",
        summary: "print the JSON Schema of a configuration file",
        example: "flinch config schema > flinch.schema.json",
        load: async () => (await import("./config.js")).configSchema,
      },
      {
        name: "docs",
        summary: "print what every key does and its default, as Markdown",
        example: "flinch config docs > configuration.md",
        load: async () => (await import("./config.js")).configDocs,
      },
      {
        name: "pipeline",
        summary: "print the GStreamer pipeline that reads the source",
        configured: true,
        example: "flinch config pipeline --source.kind=csi --source.fps=60",
        load: async () => (await import("./config-pipeline.js")).configPipeline,
      },
      {
        name: "sign",
        summary: "sign a document of remote configuration, to be published",
        arguments: { "<DOCUMENT.json>": "what config/desired is to hold" },
        options: {
          "--key <PRIVATE.pem>": "the private Ed25519 key; always needed",
          "--group <NAME>": "sign for the topic of a group (default: that of the device, device.id)",
        },
        configured: true,
        example: "flinch config sign desired.json --key private.pem --device.id=room-1",
        load: async () => (await import("./config-sign.js")).configSign,
      },
    ],
  },
  {
    name: "version",
    summary: "print the version",
    example: "flinch version",
    load: async () => (await import("./version.js")).printVersion,
  },
  {
    name: "completion",
    summary: "print a shell's script for completion",
    arguments: { "<SHELL>": { about: "the shell", choices: SHELLS } },
    example: "flinch completion bash > ~/.local/share/bash-completion/completions/flinch",
    load: async () => (await import("./completion.js")).completion,
  },
];
