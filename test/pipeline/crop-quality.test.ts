import t from "tap";
import { qualityOf } from "../../src/pipeline/crop-quality.js";
import { cv } from "../../src/runtime/opencv.js";
import { demoFrameAt } from "../support/demo.js";

const SIZE = 112;

/** The middle of a frame of the bundled video as a crop, after something was done to it. */
async function cropOf(change: (crop: InstanceType<typeof cv.Mat>) => InstanceType<typeof cv.Mat>): Promise<Uint8Array> {
  const { image } = await demoFrameAt(1000);
  const region = image.getRegion(new cv.Rect(200, 120, 240, 240)).resize(SIZE, SIZE);
  const changed = change(region);
  const data = Uint8Array.from(changed.getData());
  for (const mat of [image, region, changed]) mat.release();
  return data;
}

t.test("less light is less brightness, and a blurred face is less sharp", async (t) => {
  const plain = await qualityOf(await cropOf((crop) => crop.copy()), SIZE);
  const dark = await qualityOf(await cropOf((crop) => crop.div(8)), SIZE);
  const soft = await qualityOf(await cropOf((crop) => crop.gaussianBlur(new cv.Size(15, 15), 4)), SIZE);
  t.ok(plain.brightness > 30 && dark.brightness < plain.brightness / 4, `${plain.brightness}, ${dark.brightness}`);
  t.ok(soft.sharpness < plain.sharpness / 3, `${plain.sharpness}, ${soft.sharpness}`);
  t.ok(Math.abs(soft.brightness - plain.brightness) < 10, `${soft.brightness}, ${plain.brightness}`);
});

t.test("a crop of one colour has no sharpness", async (t) => {
  const { brightness, sharpness } = await qualityOf(new Uint8Array(SIZE * SIZE * 3).fill(90), SIZE);
  t.same([Math.round(brightness), sharpness], [90, 0]);
});
