/** Packs faces given as JSON on standard input, as the browser would; see tests/ui/test_browser_results.py. */
import { readFileSync, writeSync } from "node:fs";
import { Reporter, type Results } from "../src/results";
import type { Answer } from "../src/messages";

const { answers, recording } = JSON.parse(readFileSync(0, "utf8")) as { answers: Answer[]; recording: boolean };
const sent: Results[] = [];
const reporter = new Reporter((results) => sent.push(results));
reporter.restart();
for (const answer of answers) reporter.add(answer, recording, { fps: 20, delayMs: 31 });
reporter.finish({ fps: 20, delayMs: 31 });
writeSync(1, JSON.stringify(sent));
