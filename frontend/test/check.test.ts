/** The connection check's own parts, with a browser made up for each test. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectFacts } from "../src/facts";
import { Probe } from "../src/probe";
import { type CameraState, Watch } from "../src/watch";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function browser(navigator: object, window: object = {}): void {
  vi.stubGlobal("navigator", navigator);
  vi.stubGlobal("window", { isSecureContext: true, top: { location: { href: "https://host/" } }, ...window });
  vi.stubGlobal("document", {});
}

const video = (kind: string) => ({ kind });

test("facts of a browser that has all", async () => {
  browser({
    mediaDevices: { getUserMedia: () => {}, enumerateDevices: async () => ["videoinput", "audioinput", "videoinput"].map(video) },
    permissions: { query: async () => ({ state: "granted" }) },
    gpu: {},
  });
  vi.stubGlobal("RTCPeerConnection", class {});
  expect(await collectFacts()).toEqual({
    secure: true, media: true, framed: false, permission: "granted", cameras: 2, webrtc: true, wasm: true, simd: true, webgpu: true,
  });
});

test("facts of one that tells nothing of its cameras, on a page without https", async () => {
  browser({ permissions: { query: () => Promise.reject(new TypeError("camera")) } }, { isSecureContext: false });
  vi.stubGlobal("WebAssembly", undefined);
  vi.stubGlobal("RTCPeerConnection", undefined);
  const facts = await collectFacts();
  expect(facts).toMatchObject({ secure: false, media: false, permission: "unknown", cameras: null, webrtc: false, wasm: false, simd: false });
});

test("a page framed by another site knows whether the camera is kept from it", async () => {
  const top = { get location(): never { throw new DOMException("cross-origin", "SecurityError"); } };
  for (const allowed of [true, false]) {
    browser({ mediaDevices: {} }, { top });
    vi.stubGlobal("document", { featurePolicy: { allowsFeature: () => allowed } });
    expect((await collectFacts()).framed).toBe(!allowed);
  }
});

const SDP = "v=0\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n";

/** A connection whose gathering, path and echo go as the test says. */
class Peer extends EventTarget {
  static sdp = SDP;
  static refused: { url: string; errorCode: number; errorText: string } | undefined;
  static opens = true;
  iceGatheringState = "new";
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  channel = Object.assign(new EventTarget(), { readyState: "connecting", send: () => this.channel.dispatchEvent(new Event("message")) });
  createDataChannel = () => this.channel;
  createOffer = async () => ({});
  close = vi.fn();
  getStats = async () =>
    new Map<string, object>([
      ["pair", { type: "candidate-pair", nominated: true, state: "succeeded", localCandidateId: "mine" }],
      ["mine", { type: "local-candidate", candidateType: "relay" }],
    ]);

  async setLocalDescription(): Promise<void> {
    this.localDescription = { sdp: Peer.sdp };
    if (Peer.refused) this.dispatchEvent(Object.assign(new Event("icecandidateerror"), Peer.refused));
    for (const type of ["host", "host", "relay"]) this.dispatchEvent(Object.assign(new Event("icecandidate"), { candidate: { type } }));
    this.iceGatheringState = "complete";
    this.dispatchEvent(new Event("icegatheringstatechange"));
  }

  async setRemoteDescription(): Promise<void> {
    if (Peer.opens) {
      this.channel.readyState = "open";
      this.channel.dispatchEvent(new Event("open"));
    } else {
      this.connectionState = "failed";
      this.dispatchEvent(new Event("connectionstatechange"));
    }
  }
}

beforeEach(() => {
  Object.assign(Peer, { sdp: SDP, refused: undefined, opens: true });
  vi.stubGlobal("RTCPeerConnection", Peer);
});

test("the probe counts the ways out, and a word goes there and back", async () => {
  const probe = new Probe();
  expect(await probe.findWays({})).toEqual({ sdp: SDP, counts: { host: 2, relay: 1 }, errors: [] });
  expect(await probe.tryPath(SDP)).toMatchObject({ state: "open", way: "relay" });
});

test("the probe passes on what a server refused", async () => {
  Peer.refused = { url: "turn:relay", errorCode: 401, errorText: "Unauthorized" };
  const { errors } = await new Probe().findWays({});
  expect(errors).toEqual([{ url: "turn:relay", code: 401, text: "Unauthorized" }]);
});

test("the probe waits for nothing where one side has no candidate, or the connection fails", async () => {
  const probe = new Probe();
  await probe.findWays({});
  const failed = { state: "failed", ms: 0, way: "" };
  expect(await probe.tryPath("v=0\r\n")).toEqual(failed);
  Peer.opens = false;
  expect(await probe.tryPath(SDP)).toEqual(failed);
});

test("a configuration that the browser does not take is told, not thrown", async () => {
  vi.stubGlobal("RTCPeerConnection", function () {
    throw new SyntaxError("bad url");
  });
  expect((await new Probe().findWays({})).errors).toEqual([{ url: "", code: 0, text: "SyntaxError: bad url" }]);
});

/** The player in its frame, as streamlit-webrtc draws it. */
function player(getUserMedia: () => Promise<unknown>) {
  const listeners: ((event: object) => void)[] = [];
  const mediaDevices = { getUserMedia };
  const inside = { body: {}, querySelector: () => null, addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener) };
  const frame = { contentDocument: inside, contentWindow: { navigator: { mediaDevices } } };
  vi.stubGlobal("document", { querySelector: () => frame });
  vi.stubGlobal("window", globalThis);
  const press = (text: string) => listeners.forEach((listener) => listener({ target: { closest: () => ({ textContent: text }) } }));
  return { mediaDevices, press };
}

function watching(): { states: string[]; watch: Watch } {
  const states: string[] = [];
  const watch = new Watch(({ state }: CameraState) => states.push(state));
  watch.begin();
  return { states, watch };
}

test("the watch tells what becomes of the camera", async () => {
  vi.useFakeTimers();
  let refuse = true;
  const { mediaDevices, press } = player(async () => {
    if (refuse) throw Object.assign(new Error(), { name: "NotAllowedError" });
    return { getTracks: () => [] };
  });
  const { states, watch } = watching();
  await expect(mediaDevices.getUserMedia()).rejects.toMatchObject({ name: "NotAllowedError" });
  refuse = false;
  await mediaDevices.getUserMedia();
  press("Stop");
  watch.stop();
  expect(states.slice(-5)).toEqual(["asking", "NotAllowedError", "asking", "given", "stopped"]);
});

test("a camera that comes after STOP was pressed is let go, and nobody gets it", async () => {
  vi.useFakeTimers();
  const track = { stop: vi.fn() };
  let give: (stream: object) => void = () => {};
  const { mediaDevices, press } = player(() => new Promise((done) => (give = done)));
  const { states, watch } = watching();
  const got = vi.fn();
  void mediaDevices.getUserMedia().then(got);
  press("STOP");
  give({ getTracks: () => [track] });
  await vi.advanceTimersByTimeAsync(1000);
  watch.stop();
  expect(track.stop).toHaveBeenCalledOnce();
  expect(got).not.toHaveBeenCalled();
  expect(states.at(-1)).toBe("stopped");
});

test("a camera that is asked for twice at one start is asked for once, and again at the next", async () => {
  vi.useFakeTimers();
  let asked = 0;
  const gives: ((stream: object) => void)[] = [];
  const { mediaDevices, press } = player(() => new Promise((done) => ((asked += 1), gives.push(done))));
  const { states, watch } = watching();
  const first = vi.fn();
  const second = vi.fn();
  void mediaDevices.getUserMedia().then(first);
  void mediaDevices.getUserMedia().then(second);
  gives[0]({ getTracks: () => [] });
  await vi.advanceTimersByTimeAsync(0);
  expect([asked, first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1, 0]);
  void mediaDevices.getUserMedia();
  press("STOP");
  void mediaDevices.getUserMedia();
  watch.stop();
  expect(asked).toBe(3);
  expect(states.filter((state) => state === "asking")).toHaveLength(3);
});
