// The rear camera: its live picture, and stills as large as it can give.

const SIDE = 4096; // pixels asked for; a camera gives the nearest that it has
const SLOW = 4000; // ms after which a still is drawn from the live picture instead
const QUALITY = 0.95; // of a JPEG that is drawn here; the registry keeps its views at the same

/** Show the camera in a video; returns null, or what is wrong: refused, none, busy, insecure. */
export async function openCamera(video) {
  if (!navigator.mediaDevices?.getUserMedia) return "insecure";
  const wanted = { facingMode: { ideal: "environment" }, width: { ideal: SIDE }, height: { ideal: SIDE * 3 / 4 } };
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    await video.play();
    return null;
  } catch (error) {
    stopCamera(video);
    if (error.name === "NotAllowedError" || error.name === "SecurityError") return "refused";
    return error.name === "NotFoundError" || error.name === "OverconstrainedError" ? "none" : "busy";
  }
}

export function stopCamera(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

/** Take a still: by the camera itself where the browser can, else the live picture's frame. */
export async function takeStill(video) {
  const track = video.srcObject?.getVideoTracks()[0];
  if (track && "ImageCapture" in window) {
    try {
      const still = await Promise.race([
        new ImageCapture(track).takePhoto(),
        new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), SLOW)),
      ]);
      if (still?.size && (await isLarger(still, video))) return still;
    } catch { /* some cameras give no stills; the frame is there in any case */ }
  }
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no frame"))), "image/jpeg", QUALITY));
}

/** Some cameras give stills smaller than their live picture. */
async function isLarger(still, video) {
  const picture = await createImageBitmap(still);
  const larger = picture.width * picture.height >= video.videoWidth * video.videoHeight;
  picture.close();
  return larger;
}
