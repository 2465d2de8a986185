import type uPlot from "uplot";
import { colour } from "./colours.js";

/** Who decided on a movement: 2 raised an event, 1 was withheld by the model, 0 by the spotter. */
type Rank = 0 | 1 | 2;

const COLOURS = ["spotter", "limit", "event"] as const;

/** A filled triangle for an event, a diamond and a ring for what was withheld: shape and colour both tell. */
export function drawSign({ ctx, bbox }: uPlot, x: number, rank: Rank): void {
  const size = 5 * devicePixelRatio;
  const y = bbox.top + 2 * size;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = colour(COLOURS[rank]);
  ctx.beginPath();
  if (rank === 0) {
    ctx.arc(x, y, size * 0.8, 0, 2 * Math.PI);
    ctx.stroke();
  } else if (rank === 1) {
    for (const [dx, dy] of [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ] as const)
      ctx.lineTo(x + dx * size, y + dy * size);
    ctx.closePath();
    ctx.stroke();
  } else {
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y - size);
    ctx.lineTo(x, y + size);
    ctx.fill();
  }
  ctx.restore();
}

/** From what score on a movement is a candidate, as a dashed line. */
export function drawLimit({ ctx, bbox, valToPos }: uPlot, value: number): void {
  const y = valToPos(value, "y", true);
  ctx.save();
  ctx.strokeStyle = colour("limit");
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
