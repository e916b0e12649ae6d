/** The camera of this device. */

/** Sentences for what may keep the camera away, as Python gives them. */
export interface CameraWords {
  readonly device_access_denied: string;
  readonly device_not_available: string;
  readonly media_api_not_available: string;
}

const FPS = 30;
const CHOSEN = "fer-studio-camera";

/** Turn the camera on.
 * @param device which one; the browser's choice where empty
 * @param size width and height to ask for
 * @param lost called when it goes away by itself
 */
export async function openCamera(device: string, size: readonly [number, number], words: CameraWords, lost: () => void): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error(words.media_api_not_available);
  const [width, height] = size;
  const video: MediaTrackConstraints = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: FPS } };
  if (device) video.deviceId = { exact: device };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    for (const track of stream.getVideoTracks()) track.addEventListener("ended", lost);
    return stream;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new Error(name === "NotAllowedError" || name === "SecurityError" ? words.device_access_denied : words.device_not_available);
  }
}

/** Turn it off, and its light. */
export function closeCamera(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** The cameras there are; they have names only after the person allowed one. */
export async function listCameras(): Promise<MediaDeviceInfo[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
}

/** The camera that was chosen last; empty where none was. */
export function remembered(): string {
  try {
    return localStorage.getItem(CHOSEN) ?? "";
  } catch {
    return "";
  }
}

/** Remember the chosen camera in this browser. */
export function remember(device: string): void {
  try {
    localStorage.setItem(CHOSEN, device);
  } catch {
    // It is asked for again next time.
  }
}
