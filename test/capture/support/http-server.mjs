/**
 * Serves a live picture over HTTP: node http-server.mjs TYPE SECONDS (ffmpeg arguments…); prints its port. A process of
 * its own, because opening a capture holds up the one that opens it.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";

const [type, seconds, ...format] = process.argv.slice(2);
const live = ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25", "-t", seconds];
const server = createServer((_request, response) => {
  const encoder = spawn("ffmpeg", [...live, ...format, "-"], { stdio: ["ignore", "pipe", "ignore"] });
  response.writeHead(200, { "content-type": type });
  encoder.stdout.pipe(response);
  response.on("close", () => encoder.kill("SIGKILL"));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
