import { reportLevels } from "../../contract/index.js";
import { choice, flag, integer, listOf, number, numberOrNull, text } from "../kinds.js";
import { localPipeline, remoteLive } from "./effects.js";

export const recognition = {
  manifest: text({
    doc: "Path of the model manifest; empty for the shipped one.",
    default: "",
    path: "file",
    ...localPipeline,
  }),
  model: text({ doc: "Name of the recognition model in the manifest.", default: "hsta", ...localPipeline }),
  providers: listOf(
    {
      doc: "Execution providers in order of preference; the first that works is used.",
      default: ["tensorrt", "cuda", "cpu"],
      ...localPipeline,
    },
    ["tensorrt", "cuda", "cpu"],
  ),
  threads: integer({ doc: "Threads of one inference on the CPU.", default: 2, ...localPipeline }, { min: 1, max: 64 }),
  maxNone: number(
    { doc: 'An event is raised only if the probability of "none" is at most this.', default: 0.7, ...remoteLive },
    { min: 0, max: 1 },
  ),
  minEvidence: numberOrNull(
    {
      doc: "For experts, with spotting.method learned: an event is raised only if the combined evidence of spotter and HSTA reaches this, in log odds; 0 is as likely as not, 3 is 20 to one. If set, it replaces spotting.sensitivity.",
      default: null,
      ...remoteLive,
    },
    { min: -20, max: 20 },
  ),
  minConfidence: number(
    {
      doc: "An event is raised only if the winning class has at least this probability, whether or not recognition.report lets the event name it.",
      default: 0,
      ...remoteLive,
    },
    { min: 0, max: 1 },
  ),
  report: choice(
    {
      doc: "How much an event may reveal: everything (emotion); only negative, positive or surprise (valence); only action units (action_units); or only that a face moved, when, where and how far (motion). All four raise the same events. Local only, like the purpose: anyone who reaches the broker could otherwise make a lawful use unlawful.",
      default: "emotion",
      ...localPipeline,
    },
    reportLevels,
  ),
  attention: flag({
    doc: "Add to every event where in the clip HSTA looked; left out if recognition.report is motion. Local only, like recognition.report.",
    default: false,
    ...localPipeline,
  }),
  tensorrt: {
    fp16: flag({
      doc: "Build TensorRT engines in half precision; one that deviates too far from its model is built in full precision instead.",
      default: true,
      ...localPipeline,
    }),
    engineCacheDirectory: text({
      doc: "Where engines are kept, one folder each; `flinch warm` writes there.",
      default: "var/engines",
      path: "directory",
      ...localPipeline,
    }),
    build: choice(
      {
        doc: "Who builds a missing engine: only `flinch warm` (ahead), or also the daemon, in a low-priority process alongside its work (background). Until there is one, the next of recognition.providers runs.",
        default: "ahead",
        ...localPipeline,
      },
      ["ahead", "background"],
    ),
    python: text({
      doc: "Python interpreter that builds engines; its onnxruntime must be from the same build as Node's.",
      default: "/opt/flinch/onnxruntime/bin/python",
      path: "file",
      ...localPipeline,
    }),
    timingCache: flag({ doc: "Keep TensorRT's timing cache beside the engines.", default: true, ...localPipeline }),
    workspaceMb: integer(
      { doc: "Scratch memory of an engine build.", default: 1024, unit: "MiB", ...localPipeline },
      { min: 16, max: 65_536 },
    ),
    deviceId: integer({ doc: "Number of the CUDA device.", default: 0, ...localPipeline }, { min: 0, max: 63 }),
  },
};
