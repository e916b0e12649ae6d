/** Runs the browser's pipeline on frames from standard input, and prints what it sees; see tests/frontend/test_parity.py.
 * Arguments: width, height, frames a second, detector, model, output, temperature, threshold, then the frames of each clip.
 */
import { readFileSync, writeSync } from "node:fs";
import { loadClassifier, loadDetector, toProbabilities } from "../src/networks";
import { Zoom } from "../src/vision/framing";
import { Picture } from "../src/vision/picture";
import { Pipeline } from "../src/vision/pipeline";
import { startInNode } from "./litert_in_node";

const [width, height, fps] = process.argv.slice(2, 5).map(Number);
const [detectorFile, modelFile, output] = process.argv.slice(5, 8);
const [temperature, threshold, ...clips] = process.argv.slice(8).map(Number);

const litert = await startInNode();
const detector = await loadDetector(litert, readFileSync(detectorFile));
const network = await loadClassifier(litert, readFileSync(modelFile), output);
const frames = framesOf(process.stdin, width * height * 4);
for (const length of clips) {
  const pipeline = new Pipeline(detector, async (crop) => toProbabilities(await network(crop), temperature), threshold);
  const zoom = new Zoom();
  for (let number = 0; number < length; number++) {
    const { value } = await frames.next();
    const seen = await pipeline.process(new Picture({ width, height, data: value as Uint8Array }), number / fps);
    const faces = seen.faces.map((face) => ({ ...face, probabilities: [...face.probabilities] }));
    const view = zoom.view(seen, width, height, seen.timeS, true);
    writeSync(1, `${JSON.stringify({ ...seen, faces, view })}\n`);
  }
}
process.exit(0);

async function* framesOf(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let frame = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      frame.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === size) {
        yield frame;
        frame = new Uint8Array(size);
        filled = 0;
      }
    }
  }
}
