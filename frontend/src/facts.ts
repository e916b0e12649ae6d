/** What costs nobody anything to know: no camera is opened, no server asked. */
export interface Facts {
  secure: boolean;
  media: boolean;
  framed: boolean;
  permission: PermissionState | "unknown";
  cameras: number | null;
  webrtc: boolean;
  wasm: boolean;
  simd: boolean;
  webgpu: boolean;
}

// (func (result v128) i32.const 0, i8x16.splat, i8x16.popcnt): only an engine with SIMD takes it.
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
];

export async function collectFacts(): Promise<Facts> {
  const wasm = typeof WebAssembly === "object" && typeof WebAssembly.validate === "function";
  return {
    secure: window.isSecureContext,
    media: typeof navigator.mediaDevices?.getUserMedia === "function",
    framed: cameraIsKept(),
    permission: (await cameraPermission())?.state ?? "unknown",
    cameras: await countCameras(),
    webrtc: typeof RTCPeerConnection === "function",
    wasm,
    simd: wasm && WebAssembly.validate(new Uint8Array(SIMD)),
    webgpu: "gpu" in navigator,
  };
}

/** Calls back when a camera comes or goes, or when the permission changes. */
export function onFactsChange(tell: () => void): () => void {
  const devices = navigator.mediaDevices;
  devices?.addEventListener?.("devicechange", tell);
  let stopped = false;
  let permission: PermissionStatus | null = null;
  void cameraPermission().then((found) => {
    if (stopped || !found) return;
    permission = found;
    permission.addEventListener("change", tell);
  });
  return () => {
    stopped = true;
    devices?.removeEventListener?.("devicechange", tell);
    permission?.removeEventListener("change", tell);
  };
}

async function cameraPermission(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: "camera" as PermissionName });
  } catch {
    return null; // Firefox before 132 and others do not tell
  }
}

async function countCameras(): Promise<number | null> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput").length;
  } catch {
    return null;
  }
}

/** Whether another site's page frames this one without letting it use the camera. */
function cameraIsKept(): boolean {
  try {
    if (window.top?.location.href) return false;
  } catch {
    const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
    return policy ? !policy.allowsFeature("camera") : !navigator.mediaDevices;
  }
  return false;
}
