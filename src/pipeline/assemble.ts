import { FaceDetector, type FaceSettings, FaceStage, LandmarkFitter } from "../face/index.js";
import { FlinchError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { doAll, openAll } from "../lib/teardown.js";
import { contentsOf, hstaEntry, Recogniser, requireHeads } from "../recognition/index.js";
import {
  type EngineOutcome,
  type Hardware,
  lookUpEngine,
  realHardware,
  type TensorRtSettings,
} from "../runtime/engines/index.js";
import { CPU_ONLY, Graph, type GraphOptions, loadManifest, type ModelEntry, readModel } from "../runtime/index.js";
import type { MotionSignal, Spotter, SpottingSettings } from "../spotting/index.js";
import { LearnedSpotter, spotLayout, ThresholdSpotter } from "../spotting/index.js";
import { Pipeline, type PipelineListener } from "./pipeline.js";
import type { LiveSettings, PipelineSettings } from "./settings.js";

type OnSignal = (signal: MotionSignal) => void;

/** The configuration, as far as a pipeline goes by it. */
export interface PipelineConfig extends LiveSettings, Omit<PipelineSettings, "sourceId"> {
  readonly face: FaceSettings & { readonly minScore: number };
  readonly recognition: LiveSettings["recognition"] &
    Pick<GraphOptions, "providers" | "threads"> & {
      /** Path of the manifest; "" is the shipped one. */
      readonly manifest: string;
      /** HSTA's key in the manifest. */
      readonly model: string;
      readonly tensorrt: TensorRtSettings;
    };
}

/** The graphs of a pipeline, opened and proven to run. */
export interface Models {
  readonly detection: Graph;
  readonly landmark: Graph;
  readonly motion: Graph;
  readonly regions: readonly string[];
  readonly spotter: Graph;
  readonly recogniser: Recogniser;
  /** The TensorRT engine of HSTA's model, as it was found; undefined where TensorRT is not among the providers. */
  readonly engine: EngineOutcome | undefined;
  close(): Promise<void>;
}

/**
 * Opens every graph that the configuration names; checks its hash and runs it once. Says in the log which execution
 * provider runs HSTA, why those before it do not, and what events will say.
 * @throws FlinchError MODEL_MANIFEST, MODEL_MISSING, MODEL_HASH, MODEL_HEAD, MODEL_UNUSABLE or PROVIDER_UNAVAILABLE.
 */
export async function openModels(
  { recognition }: Pick<PipelineConfig, "recognition">,
  log?: Log,
  hardware: Hardware = realHardware,
): Promise<Models> {
  const manifest = loadManifest(recognition.manifest);
  // Hashes first: a wrong file is found before a minute is spent on building an engine for another.
  const [detectionModel, landmarkModel, motionModel, spotterModel, hstaModel] = [
    readModel(manifest, "faceDetection"),
    readModel(manifest, "faceLandmark"),
    readModel(manifest, "motion"),
    readModel(manifest, "spotter"),
    readModel(manifest, recognition.model),
  ];
  const entry = hstaEntry(hstaModel.entry);
  requireHeads(entry, recognition, recognition.model);
  const regions = regionNames(motionModel.entry);
  const wished = recognition.providers.includes("tensorrt");
  const engine = wished ? await lookUpEngine(hstaModel, recognition.tensorrt, hardware) : undefined;
  const [detection, landmark, motion, spotter, hsta] = await openAll([
    Graph.open(detectionModel, CPU_ONLY),
    Graph.open(landmarkModel, CPU_ONLY),
    Graph.open(motionModel, CPU_ONLY),
    Graph.open(spotterModel, CPU_ONLY),
    Graph.open(hstaModel, {
      ...recognition,
      deviceId: recognition.tensorrt.deviceId,
      chain: hardware.chain,
      ...(engine !== undefined && { engine }),
    }),
  ]);
  for (const fallBack of hsta.fallBacks) {
    log?.warn(fallBack, `HSTA does not run on ${fallBack.provider}; trying the next`);
  }
  const recogniser = new Recogniser(hsta, entry);
  const { name, sha256, licence } = hstaModel.entry;
  const says = contentsOf(entry, recognition);
  log?.info(
    { model: name, sha256, licence, provider: hsta.provider, engine: hsta.engine, report: recognition.report, says },
    "models ready",
  );
  return {
    detection,
    landmark,
    motion,
    regions,
    spotter,
    recogniser,
    engine,
    async close() {
      await doAll([detection, landmark, motion, spotter, recogniser.graph].map((graph) => () => graph.close()));
    },
  };
}

/**
 * Joins the stages for one stream.
 * @param live what of the configuration is in force while they work, where that may change
 */
export function buildPipeline(
  config: PipelineConfig,
  models: Models,
  sourceId: string,
  listener: PipelineListener,
  live: () => LiveSettings = () => config,
): Pipeline {
  const faces = new FaceStage(
    new FaceDetector(models.detection, config.face.minScore),
    new LandmarkFitter(models.landmark),
    models.recogniser.entry.layout,
    config.face,
  );
  const { motion, regions, recogniser } = models;
  const newSpotter = (spotting: () => SpottingSettings, onSignal: OnSignal) => spotterOf(spotting, models, onSignal);
  const { clip } = config;
  return new Pipeline({ faces, motion, regions, newSpotter, recogniser }, { clip, sourceId }, live, listener);
}

/** The spotter that the configuration asks for, for one face. */
function spotterOf(spotting: () => SpottingSettings, { spotter, regions }: Models, onSignal: OnSignal): Spotter {
  if (spotting().method === "motion") return new ThresholdSpotter(regions, spotting, onSignal);
  return new LearnedSpotter(spotter, spotLayout(spotter.model.entry), regions, spotting, onSignal);
}

function regionNames(entry: ModelEntry): string[] {
  const regions = entry["regions"];
  if (!Array.isArray(regions))
    throw new FlinchError("MODEL_MANIFEST", `the manifest's entry of '${entry.file}' needs regions`);
  return regions.map((region: { name: string }) => region.name);
}
