/** A browser waits much longer for a server that is away. */
const GATHER_MS = 2000;
const PATH_MS = 8000;

export interface Ways {
  sdp: string;
  counts: Record<string, number>;
  errors: { url: string; code: number; text: string }[];
}

export interface Path {
  state: "open" | "failed";
  ms: number;
  way: string;
}

/** Tries the way that video would go, with a data channel and without a camera. */
export class Probe {
  private peer: RTCPeerConnection | null = null;
  private channel: RTCDataChannel | null = null;

  /** Look for candidates, and give the offer with all of them. */
  async findWays(configuration: RTCConfiguration): Promise<Ways> {
    const ways: Ways = { sdp: "", counts: {}, errors: [] };
    try {
      const peer = new RTCPeerConnection(configuration);
      this.peer = peer;
      this.channel = peer.createDataChannel("probe");
      peer.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate?.type) ways.counts[candidate.type] = (ways.counts[candidate.type] ?? 0) + 1;
      });
      peer.addEventListener("icecandidateerror", (event) => {
        ways.errors.push({ url: event.url, code: event.errorCode, text: event.errorText });
      });
      const gathered = happens(peer, "icegatheringstatechange", () => peer.iceGatheringState === "complete");
      await peer.setLocalDescription(await peer.createOffer());
      await Promise.race([gathered, wait(GATHER_MS)]);
      ways.sdp = peer.localDescription?.sdp ?? "";
    } catch (error) {
      ways.errors.push({ url: "", code: 0, text: String(error) });
    }
    return ways;
  }

  /** Take the server's answer, and send a word there and back. */
  async tryPath(sdp: string): Promise<Path> {
    const { peer, channel } = this;
    const failed: Path = { state: "failed", ms: 0, way: "" };
    if (!peer || !channel || !hasCandidates(sdp) || !hasCandidates(peer.localDescription?.sdp)) return failed;
    try {
      const ended = happens(peer, "connectionstatechange", () => ["failed", "closed"].includes(peer.connectionState));
      const open = happens(channel, "open", () => channel.readyState === "open");
      await peer.setRemoteDescription({ type: "answer", sdp });
      const came = open.then(() => sendBack(channel));
      const ms = await Promise.race([came, ended.then(() => null), wait(PATH_MS).then(() => null)]);
      return ms === null ? failed : { state: "open", ms, way: await wayOf(peer) };
    } catch {
      return failed;
    }
  }

  close(): void {
    this.peer?.close();
    this.peer = null;
    this.channel = null;
  }
}

/** Without a candidate on both sides there is nothing to wait for. */
function hasCandidates(sdp: string | undefined): boolean {
  return sdp?.includes("a=candidate:") ?? false;
}

async function sendBack(channel: RTCDataChannel): Promise<number> {
  const started = performance.now();
  const echo = new Promise((done) => channel.addEventListener("message", done, { once: true }));
  channel.send("probe");
  await echo;
  return performance.now() - started;
}

/** Give the type of this side's candidate that carries the connection. */
async function wayOf(peer: RTCPeerConnection): Promise<string> {
  const stats = await peer.getStats();
  let way = "";
  stats.forEach((pair) => {
    if (pair.type === "candidate-pair" && pair.nominated && pair.state === "succeeded") {
      way = stats.get(pair.localCandidateId)?.candidateType ?? way;
    }
  });
  return way;
}

function happens(target: EventTarget, event: string, condition: () => boolean): Promise<void> {
  return new Promise((done) => {
    const look = (): void => {
      if (!condition()) return;
      target.removeEventListener(event, look);
      done();
    };
    target.addEventListener(event, look);
    look();
  });
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
