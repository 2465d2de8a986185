import type { BoardReading } from "../../contract/index.js";
import type { Check, CheckResult } from "../../lib/check.js";
import { Board } from "../board/index.js";

/** How hot the board is and whether it slows itself down. */
export function boardCheck(read: () => Promise<BoardReading | null> = () => new Board().read()): Check {
  return {
    name: "board",
    run: async (): Promise<CheckResult> => {
      const reading = await read();
      if (reading === null) return { status: "ok", detail: "tells neither temperatures nor power" };
      const { hottestC, headroomC, powerMode, throttled, throttledBy, overCurrentEvents, totalW } = reading;
      const told = [
        hottestC === null ? undefined : `${hottestC.toFixed(1)} °C`,
        headroomC === null ? undefined : `${headroomC.toFixed(1)} °C below throttling`,
        totalW === null ? undefined : `${totalW.toFixed(1)} W`,
        powerMode === null ? undefined : `power mode ${powerMode}`,
        throttled === null ? "does not say whether it throttles itself" : undefined,
        overCurrentEvents === null || overCurrentEvents === 0
          ? undefined
          : `slowed down ${overCurrentEvents} times since boot for want of power`,
      ];
      const detail = told.filter((part) => part !== undefined).join(", ");
      if (throttled === true) {
        const advice = "cool it, or choose a lower power mode (docs/thermals.md)";
        return { status: "warn", detail: `${detail}; throttled by ${throttledBy.join(", ")}`, advice };
      }
      if ((overCurrentEvents ?? 0) > 0)
        return { status: "warn", detail, advice: "a stronger power supply, or a lower power mode (docs/thermals.md)" };
      return { status: "ok", detail };
    },
  };
}

/** The pipeline that GStreamer is given, so that it can be tried by hand; nothing for a source that it does not read. */
export function pipelineCheck(pipeline: string | undefined): Check[] {
  if (pipeline === undefined) return [];
  return [{ name: "pipeline", run: async () => ({ status: "ok", detail: pipeline }) }];
}
