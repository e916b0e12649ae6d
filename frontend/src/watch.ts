/** What became of the camera: "idle", "asking", "given", "stopped", or the name of the browser's error. */
export interface CameraState {
  state: string;
  /** Counts changes. */
  n: number;
}

const LOOK_MS = 500;
const watched = new WeakSet<object>();

/**
 * Looks after the camera of streamlit-webrtc's player, which tells Python nothing of it: whether START was pressed, whether the
 * browser gave a camera, and whether a person pressed STOP (after which nothing may start it again). It sits in a frame of the
 * same origin.
 */
export class Watch {
  private state: CameraState = { state: "idle", n: 0 };
  private stops = 0;
  private readonly timer: number;

  constructor(private readonly report: (state: CameraState) => void) {
    this.timer = window.setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  /** Say again what was said last. */
  tell(): void {
    this.report(this.state);
  }

  stop(): void {
    window.clearInterval(this.timer);
  }

  private say(state: string): void {
    this.state = { state, n: this.state.n + 1 };
    this.tell();
  }

  private look(): void {
    const frame = document.querySelector<HTMLIFrameElement>("iframe[title*=webrtc_streamer]");
    const inside = frame?.contentDocument;
    const devices = frame?.contentWindow?.navigator.mediaDevices;
    if (!inside?.body || watched.has(inside)) return;
    watched.add(inside);
    inside.addEventListener("click", (event) => this.onClick(event), { capture: true });
    if (devices) this.guard(devices);
  }

  private onClick(event: Event): void {
    const button = (event.target as Element | null)?.closest?.("button");
    if (button?.textContent?.trim().toLowerCase() !== "stop") return;
    this.stops += 1;
    this.say("stopped");
  }

  /** Let the player ask as it does, but let go of a camera that comes after STOP was pressed. */
  private guard(devices: MediaDevices): void {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stops = this.stops;
      this.say("asking");
      try {
        const stream = await ask(constraints);
        if (stops !== this.stops) {
          stream.getTracks().forEach((track) => track.stop());
          return await new Promise<MediaStream>(() => {});
        }
        this.say("given");
        return stream;
      } catch (error) {
        this.say(error instanceof Error || error instanceof DOMException ? error.name : "unknown");
        throw error;
      }
    };
  }
}
