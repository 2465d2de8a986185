import type { ClipCounts, Context, Detection, FaceCounts } from "../contract/index.js";
import type { FaceStage } from "../face/index.js";
import { doAll } from "../lib/teardown.js";
import type { Classification, Recogniser } from "../recognition/index.js";
import type { Graph } from "../runtime/index.js";
import type { Candidate, MotionSignal, Spotted, Spotter, SpottingSettings } from "../spotting/index.js";
import { RegionMotion } from "../spotting/index.js";
import type { FaceObservation, FacesInFrame, Frame } from "../stream/index.js";
import { ClipBuffer } from "./clip-buffer.js";
import { ContextDetector } from "./context-detector.js";
import { Coverage, type CoverageMs, type FaceState } from "./coverage.js";
import { detectionOf } from "./detection.js";
import { FaceAnalysis, type ObservedFace } from "./face-analysis.js";
import { evidenceFor, objectionTo } from "./gates.js";
import type { NoEvent, Outcome } from "./outcome.js";
import type { LiveSettings, PipelineSettings } from "./settings.js";
import { contextTold, disclose } from "./statement.js";
import { WorkCount } from "./work-count.js";

export interface PipelineParts {
  readonly faces: FaceStage;
  readonly motion: Graph;
  /** Names of the motion graph's regions, in its order. */
  readonly regions: readonly string[];
  /** A spotter for a new face. */
  readonly newSpotter: (settings: () => SpottingSettings, onSignal: (signal: MotionSignal) => void) => Spotter;
  readonly recogniser: Recogniser;
}

/** How many faces there are, and what of them could not be analysed so far. */
export interface PipelineStats {
  readonly faces: FaceCounts;
  /** For how long a face could be judged, and why not. */
  readonly coverage: CoverageMs;
  readonly clips: ClipCounts;
}

/** What watches the pipeline at work; every call is optional and must not throw. */
export interface PipelineListener {
  onDetection?(detection: Detection): void | Promise<void>;
  onNoEvent?(reason: NoEvent, apexMs: number, face: number): void;
  onSample?(face: number, observed: ObservedFace): void;
  /**
   * Every face of every frame, before it is analysed; the crop is the listener's to read or keep, not to change, and the
   * frame's image to read until what is returned is settled.
   */
  onFace?(observation: FaceObservation, frame: Frame): void | Promise<void>;
  /** What the spotter raises, before HSTA is asked. */
  onCandidate?(face: number, candidate: Candidate): void;
  onSignal?(face: number, signal: MotionSignal): void;
  /** Called once for every movement that was noticed, beside onDetection or onNoEvent, one after the other. */
  onOutcome?(outcome: Outcome): void | Promise<void>;
  /** A face has left, or is begun anew; called after the last outcome of what it did before. */
  onLeave?(face: number): void;
  /** Milliseconds that a stage took on one frame or clip. */
  onStage?(stage: "face" | "motion" | "hsta", ms: number): void;
}

/** Clips waiting for HSTA; when it is full the frames wait, and a live source drops and counts. */
const MAX_WAITING = 8;

/** Frame in, events out, once: face, motion, spotting, recognition, for every face in view. */
export class Pipeline {
  readonly frames = new WorkCount();
  readonly clips = new WorkCount();
  private readonly analyses = new Map<number, FaceAnalysis>();
  private readonly coverage = new Coverage();
  private forgetting = false;
  /** Of the faces that have left. */
  private evictedEarly = 0;
  private classifying: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(
    private readonly parts: PipelineParts,
    private readonly settings: PipelineSettings,
    private readonly live: () => LiveSettings,
    private readonly listener: PipelineListener,
  ) {}

  stats(): PipelineStats {
    const here = [...this.analyses.values()].reduce((sum, { clip }) => sum + clip.evictedEarly, 0);
    return {
      faces: { followed: this.analyses.size, ...this.parts.faces.stats },
      coverage: this.coverage.ms,
      clips: { evictedEarly: this.evictedEarly + here },
    };
  }

  /** Searches for faces so many times less often than configured, 1 for as often; known faces are followed all the same. */
  searchApart(times: number): void {
    this.parts.faces.searchesApart = times;
  }

  /** Forgets what was learned of every face, before the next frame is looked at; returns how many faces there are. */
  recalibrate(): number {
    this.forgetting = true;
    return this.analyses.size;
  }

  /**
   * Analyses all frames of a stream, releases each, and settles what is left at the end. While the motion of a frame is
   * measured, the faces of the next one are looked for.
   */
  async run(frames: AsyncIterable<Frame>, onFrame?: (frame: Frame) => void): Promise<void> {
    let before: Promise<void> = Promise.resolve();
    try {
      for await (const frame of frames) before = this.finish(frame, await this.facesBeside(frame, before, onFrame));
    } finally {
      await before;
    }
    await this.end();
  }

  /** Analyses a frame, which stays the caller's. One call at a time. */
  async process(frame: Frame): Promise<void> {
    this.rethrow();
    this.frames.begin();
    try {
      if (this.forgetting) await this.forget();
      await this.observeAll(frame, await this.findFaces(frame));
    } finally {
      this.frames.end();
    }
  }

  /** Finds the faces of a frame while what is left to do of the one before is done; releases a frame that fails. */
  private async facesBeside(
    frame: Frame,
    before: Promise<void>,
    onFrame: ((frame: Frame) => void) | undefined,
  ): Promise<FacesInFrame> {
    this.frames.begin();
    try {
      onFrame?.(frame);
      this.rethrow();
      if (this.forgetting) {
        await before;
        await this.forget();
      }
      const found = await this.findFaces(frame);
      await before;
      return found;
    } catch (thrown) {
      frame.image.release();
      this.frames.end();
      throw thrown;
    }
  }

  /** Does the rest of a frame, and releases it. */
  private finish(frame: Frame, found: FacesInFrame): Promise<void> {
    const seen = this.observeAll(frame, found).finally(() => {
      frame.image.release();
      this.frames.end();
    });
    // Whoever waits for it is told; until then nobody may be listening.
    seen.catch(() => undefined);
    return seen;
  }

  private async findFaces(frame: Frame): Promise<FacesInFrame> {
    const started = performance.now();
    const found = await this.parts.faces.process(frame);
    this.listener.onStage?.("face", performance.now() - started);
    return found;
  }

  private async observeAll(frame: Frame, { faces, left, tooSmall, waitedFor }: FacesInFrame): Promise<void> {
    const started = performance.now();
    await this.closeAll(left);
    await Promise.all(faces.map((observation) => this.observe(observation, frame)));
    const states = faces
      .map(({ face }) => this.analyses.get(face)?.state)
      .filter((state): state is FaceState => !!state);
    this.coverage.frame({ timeMs: frame.timeMs, faces: states, tooSmall, waitedFor });
    if (faces.length > 0) this.listener.onStage?.("motion", performance.now() - started);
    if (this.clips.inHand >= MAX_WAITING) await this.classifying;
  }

  /** Settles every face and waits until its clips have been classified. */
  async end(): Promise<void> {
    await doAll([
      () => this.closeAll(this.analyses.keys()),
      async () => {
        await this.classifying;
        this.rethrow();
      },
    ]);
  }

  private async observe(observation: FaceObservation, frame: Frame): Promise<void> {
    const analysis = this.analysisOf(observation.face);
    await this.listener.onFace?.(observation, frame);
    for (const spotted of await analysis.observe(observation)) this.take(analysis, spotted);
  }

  /** One that fails keeps no other from being settled. */
  private async closeAll(faces: Iterable<number>): Promise<void> {
    await doAll([...faces].map((face) => () => this.close(face)));
  }

  private async close(face: number): Promise<void> {
    const analysis = this.analyses.get(face);
    if (analysis === undefined) return;
    this.analyses.delete(face);
    this.evictedEarly += analysis.clip.evictedEarly;
    for (const spotted of await analysis.end()) this.take(analysis, spotted);
    if (this.listener.onLeave) this.inTurn(() => this.listener.onLeave?.(face));
  }

  /** What is under way is settled first; a face that is still in view is then as good as new. */
  private async forget(): Promise<void> {
    this.forgetting = false;
    await this.closeAll(this.analyses.keys());
  }

  private analysisOf(face: number): FaceAnalysis {
    const known = this.analyses.get(face);
    if (known !== undefined) return known;
    const { clip } = this.settings;
    const { layout } = this.parts.recogniser.entry;
    const eyeDistance = (layout.rightEye[0] - layout.leftEye[0]) * layout.size;
    const analysis = new FaceAnalysis(
      face,
      new ClipBuffer(clip.seconds * 1000, clip.maxFps, layout.size * layout.size * 3),
      new RegionMotion(this.parts.motion, this.parts.regions, layout.size, eyeDistance),
      this.parts.newSpotter(
        () => this.live().spotting,
        (signal) => this.listener.onSignal?.(face, signal),
      ),
      new ContextDetector(this.parts.regions),
      layout.size,
      this.listener.onSample?.bind(this.listener),
    );
    this.analyses.set(face, analysis);
    return analysis;
  }

  private take(analysis: FaceAnalysis, spotted: Spotted): void {
    const { report } = this.live().recognition;
    if (spotted.kind === "suppressed") {
      const context = spotted.movement === undefined ? [] : contextTold(analysis.contextOf(spotted.movement), report);
      this.refuse({ face: analysis.face, spotted, context, verdict: spotted.reason }, spotted.apexMs);
      return;
    }
    const { candidate } = spotted;
    const context = contextTold(analysis.contextOf(candidate), report);
    this.listener.onCandidate?.(analysis.face, candidate);
    // Packed now, because the buffer moves on; classified in turn, because events keep their order.
    const packed = this.parts.recogniser.pack(analysis.clip, candidate);
    if (packed === undefined) {
      this.refuse({ face: analysis.face, spotted, context, verdict: "clip_lost" }, candidate.apexMs);
      return;
    }
    this.clips.begin();
    this.inTurn(async () => {
      try {
        const started = performance.now();
        const classification = await this.parts.recogniser.classify(packed);
        this.listener.onStage?.("hsta", performance.now() - started);
        const outcome = await this.report(analysis.face, candidate, context, classification);
        const crops = { size: this.parts.recogniser.entry.layout.size, data: packed["special"]?.data as Uint8Array };
        await this.listener.onOutcome?.({ face: analysis.face, spotted, context, ...outcome, crops });
      } finally {
        this.clips.end();
      }
    });
  }

  private refuse(outcome: Outcome & { readonly verdict: NoEvent }, apexMs: number): void {
    this.listener.onNoEvent?.(outcome.verdict, apexMs, outcome.face);
    if (this.listener.onOutcome) this.inTurn(() => this.listener.onOutcome?.(outcome));
  }

  private inTurn(work: () => void | Promise<void>): void {
    this.classifying = this.classifying.then(work).catch((thrown: unknown) => {
      this.failure ??= thrown;
    });
  }

  private async report(
    face: number,
    candidate: Candidate,
    context: readonly Context[],
    classification: Classification,
  ): Promise<Pick<Outcome, "verdict" | "id" | "statement" | "evidence">> {
    const { recogniser } = this.parts;
    const evidence = evidenceFor(candidate, classification, recogniser.entry);
    const weighed = evidence === undefined ? {} : { evidence };
    const refused = objectionTo(classification, evidence, recogniser.entry, this.live());
    if (refused !== undefined) {
      this.listener.onNoEvent?.(refused, candidate.apexMs, face);
      return { verdict: refused, statement: disclose(classification, this.live().recognition), ...weighed };
    }
    const { sourceId } = this.settings;
    const seen = { sourceId, face, candidate, context, classification };
    const detection = detectionOf(seen, recogniser, this.live().recognition);
    await this.listener.onDetection?.(detection);
    return { verdict: "event", id: detection.id, statement: detection, ...weighed };
  }

  private rethrow(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
