import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findEncoder } from "../../src/evidence/encoder.js";
import { greys, picturesIn, probed } from "./support/pictures.js";

t.test("every picture is shown from when it was captured, at any rate and after gaps", async (t) => {
  const encoder = await findEncoder("x264", "crop");
  t.equal(encoder.name, "libx264");
  const uneven = Array.from({ length: 90 }, (_, i) => 61_190.4 + i * 16.667 + (i % 5) * 1.3 + (i > 40 ? 250 : 0));
  const mp4 = await encoder.encode({ side: 112, stills: greys(112, uneven) });
  const found = await probed(t.testdir(), mp4);
  t.match(found, { codec: "h264", width: 112, height: 112, frames: 90 });
  for (const [i, timeMs] of uneven.entries()) {
    const off = Math.abs((found.timesMs[i] ?? Number.NaN) - (timeMs - (uneven[0] ?? 0)));
    t.ok(off <= 0.1, `frame ${i} is off by ${off} ms`);
  }
  const beyond = found.durationMs - ((uneven[89] ?? 0) - (uneven[0] ?? 0));
  t.ok(beyond > -1 && beyond < 23, `the last frame is shown for ${beyond} ms`);
  t.ok(mp4.indexOf("moov") < mp4.indexOf("mdat"), "its head comes first");
  t.match(picturesIn(mp4), ["MP4"], "what this is would be noticed elsewhere");
});

t.test("200 pictures a second, and the same bytes for the same pictures", async (t) => {
  const encoder = await findEncoder("auto", "frame");
  const stills = greys(
    320,
    Array.from({ length: 240 }, (_, i) => i * 5),
  );
  const [one, two] = [await encoder.encode({ side: 320, stills }), await encoder.encode({ side: 320, stills })];
  t.ok(one.equals(two));
  const found = await probed(t.testdir(), one);
  t.match(found, { width: 320, height: 320, frames: 240, durationMs: 1200 });
});

t.test("what does not work here is said before anything is filmed", async (t) => {
  await t.rejects(findEncoder("nvmpi", "crop"), {
    code: "CONFIG_INVALID",
    message: /no H.264 encoder 'nvmpi', but .*x264/,
  });
  const encoder = await findEncoder("x264", "crop");
  await t.rejects(encoder.encode({ side: 112, stills: [] }), /./);
  const { PATH } = process.env;
  t.teardown(() => {
    process.env["PATH"] = PATH;
  });
  const bin = t.testdir();
  process.env["PATH"] = bin;
  await t.rejects(findEncoder("auto", "crop"), { code: "CONFIG_INVALID", message: /ffmpeg is not installed: apt-get/ });
  writeFileSync(
    join(bin, "ffmpeg"),
    '#!/bin/sh\ncase "$*" in *-version*) echo ffmpeg version 4.4;; *-encoders*) echo " V..... libx264 H.264";; *) echo broken pipe of mine >&2; exit 3;; esac\n',
  );
  chmodSync(join(bin, "ffmpeg"), 0o755);
  await t.rejects(findEncoder("auto", "crop"), { code: "CONFIG_INVALID", message: /libx264: broken pipe of mine/ });
});
