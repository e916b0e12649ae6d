/** What became of the camera: "idle", "asking", "given", "stopped", or the name of the browser's error. */
export interface CameraState {
  state: string;
  /** Counts changes. */
  n: number;
}

type Report = (state: CameraState) => void;

const LOOK_MS = 200;

/** What is known of the one player on the page; it outlives a component that is drawn anew. */
const player = {
  inside: null as Document | null,
  camera: { state: "idle", n: 0 } as CameraState,
  stops: 0,
  report: null as Report | null,
};

/**
 * Looks after the camera of streamlit-webrtc's player, which tells Python nothing of it: whether START was pressed, whether the
 * browser gave a camera, and whether a person pressed STOP (after which nothing may start it again). It sits in a frame of the
 * same origin.
 */
export class Watch {
  private timer = 0;

  constructor(private readonly report: Report) {}

  /** Begin to look, and say how it stands. */
  begin(): void {
    player.report = null;
    look();
    player.report = this.report;
    this.timer = window.setInterval(look, LOOK_MS);
    this.tell();
  }

  /** Say again what was said last. */
  tell(): void {
    this.report(player.camera);
  }

  stop(): void {
    window.clearInterval(this.timer);
    if (player.report === this.report) player.report = null;
  }
}

function say(state: string): void {
  player.camera = { state, n: player.camera.n + 1 };
  player.report?.(player.camera);
}

function look(): void {
  const frame = document.querySelector<HTMLIFrameElement>("iframe[title*=webrtc_streamer]");
  const inside = frame?.contentDocument ?? null;
  if (!frame) {
    if (player.inside && player.camera.state !== "idle") say("idle");
    player.inside = null;
  }
  if (!inside?.body || player.inside === inside) return;
  player.inside = inside;
  if (player.camera.state !== "idle") say("idle");
  if (inside.querySelector("video")) say("given"); // START was pressed before anybody looked
  inside.addEventListener("click", onClick, { capture: true });
  const devices = frame?.contentWindow?.navigator.mediaDevices;
  if (devices) guard(devices);
}

function onClick(event: Event): void {
  const button = (event.target as Element | null)?.closest?.("button");
  if (button?.textContent?.trim().toLowerCase() !== "stop") return;
  player.stops += 1;
  say("stopped");
}

/**
 * Let the player ask as it does, but let go of a camera that comes after STOP was pressed, and let it ask once a start: told to
 * start while a video ends, it starts twice at the same moment. The answer to one of the two connections would go to the other,
 * which fails after 15 s, and one camera would stay on for good.
 */
function guard(devices: MediaDevices): void {
  const ask = devices.getUserMedia.bind(devices);
  const pending = new Set<string>();
  devices.getUserMedia = async (constraints) => {
    const { stops } = player;
    const question = JSON.stringify([stops, constraints]);
    if (pending.has(question)) return await new Promise<MediaStream>(() => {});
    pending.add(question);
    say("asking");
    try {
      const stream = await ask(constraints);
      if (stops !== player.stops) {
        stream.getTracks().forEach((track) => track.stop());
        return await new Promise<MediaStream>(() => {});
      }
      say("given");
      return stream;
    } catch (error) {
      // Of the frame's own kind, so an instance of nothing that is known here.
      say(String((error as { name?: unknown } | null)?.name ?? "unknown"));
      throw error;
    } finally {
      pending.delete(question);
    }
  };
}
